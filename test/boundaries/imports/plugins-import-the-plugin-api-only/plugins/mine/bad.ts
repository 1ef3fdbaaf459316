import { thing } from 'shoal/worker';

export const bad = thing;
