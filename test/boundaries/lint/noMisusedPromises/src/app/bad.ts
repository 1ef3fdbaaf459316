export async function bad(): Promise<boolean> {
  const answer = Promise.resolve(false);
  if (answer) return true;
  return await answer;
}
