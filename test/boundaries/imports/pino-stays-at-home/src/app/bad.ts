import { pino } from 'pino';

export const bad = pino;
