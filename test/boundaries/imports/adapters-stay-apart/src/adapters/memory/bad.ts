import type { Thing } from '../nats/thing.ts';

export type Bad = Thing;
