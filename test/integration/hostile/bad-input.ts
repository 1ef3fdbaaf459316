import type { Neighbourhood } from './hostile-neighbourhood.ts';
import type { Told } from './told.ts';

/** One row of the table: something that somebody sends by mistake or on purpose, and what becomes of it. */
export interface BadInput {
  readonly what: string;
  readonly told: Told;
  act(near: Neighbourhood): Promise<Told>;
}
