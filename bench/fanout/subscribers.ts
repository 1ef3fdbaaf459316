/** At once, of the same events. */
export const SUBSCRIBERS = [1, 10, 100] as const;
