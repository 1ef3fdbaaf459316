import { executable } from '../../plugins/executable/executable.ts';

/** The plugins that come with Shoal, by the name that the configuration uses. */
export const builtInPlugins = new Map([['executable', executable]]);
