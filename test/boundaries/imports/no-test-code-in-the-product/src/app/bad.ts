import { thing } from '../../test/support/thing.ts';

export const bad = thing;
