export function bad(): never {
  throw new Error();
}
