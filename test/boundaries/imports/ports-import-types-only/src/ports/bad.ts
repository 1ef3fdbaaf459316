import { thing } from '../domain/thing.ts';

export const bad = thing;
