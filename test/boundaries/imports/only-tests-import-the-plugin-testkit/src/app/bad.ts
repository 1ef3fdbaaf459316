import { thing } from '../plugin-testkit/thing.ts';

export const bad = thing;
