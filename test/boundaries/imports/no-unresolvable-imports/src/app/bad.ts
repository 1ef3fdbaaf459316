export async function bad(): Promise<unknown> {
  await using thing = await import('./missing.ts');
  return thing;
}
