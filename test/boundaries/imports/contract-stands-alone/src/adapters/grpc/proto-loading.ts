import { thing } from './thing.ts';

export const bad = thing;
