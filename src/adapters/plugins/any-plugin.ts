import type { WorkerTypePlugin } from '../../plugin/plugin.ts';

/** A plugin with options of a type that only it knows; its schema has checked them when they are handed over. */
export type AnyPlugin = WorkerTypePlugin<never>;
