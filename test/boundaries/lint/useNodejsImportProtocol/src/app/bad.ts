import { join } from 'path';

export const bad = join;
