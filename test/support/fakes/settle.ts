/** Resolves when everything that can go on without time passing or a message coming has gone on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
