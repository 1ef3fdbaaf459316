import { thing } from '../../src/plugin/plugin.ts';

export const bad = thing;
