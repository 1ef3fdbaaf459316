import { executable } from '../../plugins/executable/executable.ts';
import type { AnyPlugin } from '../adapters/plugins/any-plugin.ts';

/** The plugins that come with Shoal, by the name that the configuration uses. */
export const builtInPlugins: ReadonlyMap<string, AnyPlugin> = new Map([['executable', executable]]);
