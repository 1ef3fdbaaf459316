import type { SimulationView } from './simulation-view.ts';

/** What a watcher is told. */
export type WatchNotice =
  | { readonly kind: 'present' | 'changed' | 'deleted'; readonly view: SimulationView }
  /** All that were there when the watch began have been told. */
  | { readonly kind: 'synced' };
