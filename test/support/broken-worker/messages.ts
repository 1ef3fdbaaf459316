import { join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { CommandAck } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/CommandAck.ts';
import type { ProtoGrpcType } from '../../../src/adapters/grpc/generated/proto-tree.ts';
import { packageRoot, protoIncludeDirs, protoLoaderOptions } from '../../../src/adapters/grpc/proto-loading.ts';

/** A worker needs no more; thousands are launched in the tests, so that it counts. */
const FILES = ['worker_service', 'command'].map((name) => `fes/orchestration/v1/${name}.proto`);

const includeDirs = protoIncludeDirs.map((folder) => join(packageRoot(), folder));
const definition = loadSync(FILES, { ...protoLoaderOptions, includeDirs });
const { fes } = loadPackageDefinition(definition) as unknown as ProtoGrpcType;

/** The messages and the service, by their names in the .proto files. */
export const messages = { ...fes.orchestration.v1, Envelope: fes.common.events.GenericEventRequest };

/** A command as it comes. */
export type Command = GenericEventRequestOutput;

/** A CommandAck. */
export type Answer = CommandAck;
