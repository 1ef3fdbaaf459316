/** For a program that serves another one: ends with it, however that ends, which closes the stdin that it gave. */
export function endWithParent(): void {
  process.stdin.on('close', () => process.kill(process.pid)).resume();
}
