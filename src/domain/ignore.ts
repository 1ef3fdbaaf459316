/** For a rejection that is nobody's, or is told elsewhere. */
export function ignore(): void {}
