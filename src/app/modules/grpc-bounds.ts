import type { GrpcListenerOptions } from '../../adapters/grpc/grpc-listener.ts';
import type { Settings } from '../settings.ts';

/** What a configuration takes as a Struct, at most, for each byte of its JSON; a number of one digit does. */
const STRUCT_FACTOR = 6;
/** Of a client's request beyond the largest thing in it. */
const CLIENT_ROOM_BYTES = 256 * 1024;
/** Room for a request beyond the batch that it carries, so that a batch over its limit is answered and not cut off. */
const RECEIVE_FACTOR = 2;

type Bounds = Pick<GrpcListenerOptions, 'maxReceiveBytes' | 'maxConcurrentStreams' | 'connections'>;

export function workerBounds(settings: Settings): Bounds {
  return { ...commonBounds(settings), maxReceiveBytes: () => RECEIVE_FACTOR * settings.limits().maxBatchBytes };
}

/** A client sends no batches of events: its largest requests are configurations and payloads of commands. */
export function clientBounds(settings: Settings): Bounds {
  return {
    ...commonBounds(settings),
    maxReceiveBytes: () => {
      const { maxRunConfigBytes, maxEventBytes } = settings.limits();
      return Math.max(STRUCT_FACTOR * maxRunConfigBytes, RECEIVE_FACTOR * maxEventBytes) + CLIENT_ROOM_BYTES;
    },
  };
}

function commonBounds(settings: Settings): Omit<Bounds, 'maxReceiveBytes'> {
  return {
    maxConcurrentStreams: () => settings.limits().maxStreamsPerConnection,
    connections: () => settings.config.grpc.connections,
  };
}
