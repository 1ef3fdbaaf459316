import { thing } from '../conformance/thing.ts';

export const bad = thing;
