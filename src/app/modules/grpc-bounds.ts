import type { GrpcListenerOptions } from '../../adapters/grpc/grpc-listener.ts';
import type { Settings } from '../settings.ts';

/** Room for a request beyond the batch that it carries, so that a batch over its limit is answered and not cut off. */
const RECEIVE_FACTOR = 2;

type Bounds = Pick<GrpcListenerOptions, 'maxReceiveBytes' | 'maxConcurrentStreams' | 'connections'>;

/** Of every gRPC address. */
export function grpcBounds(settings: Settings): Bounds {
  return {
    maxReceiveBytes: () => RECEIVE_FACTOR * settings.limits().maxBatchBytes,
    maxConcurrentStreams: () => settings.limits().maxStreamsPerConnection,
    connections: () => settings.config.grpc.connections,
  };
}
