import { thing } from 'shoal/plugin';

export const bad = thing;
