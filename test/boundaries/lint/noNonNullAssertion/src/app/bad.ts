export function bad(text: string | undefined): string {
  return text!;
}
