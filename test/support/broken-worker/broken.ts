import type { Loss } from './behaviour/connecting.ts';
import type { End } from './calls.ts';

/** How a connection ended, and in which of its calls. */
export type Broken = End & { readonly during: Loss['during'] };

export function broken(during: Loss['during'], { code, details }: End): Broken {
  return { during, code, details };
}

/** @throws Error that is a {@link Broken} */
export async function step<T>(during: Loss['during'], call: Promise<T>): Promise<T> {
  return call.catch((error: Error & End) => {
    throw Object.assign(error, broken(during, error));
  });
}
