import { Server } from '@grpc/grpc-js';

export const bad = Server;
