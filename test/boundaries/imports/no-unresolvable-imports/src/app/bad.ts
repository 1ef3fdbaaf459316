import { thing } from './missing.ts';

export const bad = thing;
