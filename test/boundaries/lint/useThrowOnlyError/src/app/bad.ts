export function bad(): never {
  throw 'text';
}
