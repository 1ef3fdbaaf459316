export const bad = [Math.random(), AbortSignal.timeout(1_000)];
