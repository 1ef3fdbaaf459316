import { thing } from '../other/thing.ts';

export const bad = thing;
