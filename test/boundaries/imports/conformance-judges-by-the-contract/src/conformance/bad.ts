import { thing } from '../worker/thing.ts';

export const bad = thing;
