import { Counter } from 'prom-client';

export const bad = Counter;
