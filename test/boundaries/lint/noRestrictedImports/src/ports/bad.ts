import { join } from 'node:path';
import { z } from 'zod';

export const bad = [join, z];
