import { thing } from '../cli/thing.ts';

export const bad = thing;
