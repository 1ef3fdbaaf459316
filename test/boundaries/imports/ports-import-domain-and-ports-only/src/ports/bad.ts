import type { Thing } from '../app/thing.ts';

export interface Bad {
  take(thing: Thing): void;
}
