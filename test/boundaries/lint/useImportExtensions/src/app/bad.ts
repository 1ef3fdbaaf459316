import { thing } from './thing';

export const bad = thing;
