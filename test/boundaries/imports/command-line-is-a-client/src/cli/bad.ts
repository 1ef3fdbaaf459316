import { thing } from '../adapters/grpc/thing.ts';

export const bad = thing;
