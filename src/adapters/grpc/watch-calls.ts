import { once } from 'node:events';
import { type handleServerStreamingCall, Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import { parseSimulationId } from '../../domain/ids.ts';
import type { WatchNotice } from '../../domain/simulation/watch-notice.ts';
import type { WatchSimulations } from '../../domain/simulation/watch-simulations.ts';
import { BOUNDS, demandCount } from './bounds.ts';
import type { CallPlaces } from './call-places.ts';
import { contextOf, type FailureListener } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import type { WatchSimulationsRequestOutput } from './generated/fes/orchestration/v1/WatchSimulationsRequest.ts';
import type { WatchSimulationsResponse } from './generated/fes/orchestration/v1/WatchSimulationsResponse.ts';
import { simulationMessage } from './simulation-message.ts';

type WatchCall = ServerWritableStream<WatchSimulationsRequestOutput, WatchSimulationsResponse>;

/** WatchSimulations, at the pace of its reader. */
export function watchSimulations({
  watch,
  places,
  onFailure,
}: {
  readonly watch: WatchSimulations;
  readonly places: CallPlaces<string>;
  readonly onFailure: FailureListener;
}): handleServerStreamingCall<WatchSimulationsRequestOutput, WatchSimulationsResponse> {
  return (call) => {
    write(call, watch, places).then(
      () => call.end(),
      (thrown) => {
        onFailure('WatchSimulations', thrown);
        call.emit('error', toGrpcFailure(thrown));
      },
    );
  };
}

async function write(call: WatchCall, watch: WatchSimulations, places: CallPlaces<string>): Promise<void> {
  const { simulationIds, labelSelector, fromRevision } = call.request;
  demandCount('simulation_ids', simulationIds.length, BOUNDS.simulationIds);
  const context = contextOf(call);
  places.take('clients', call);
  const notices = watch.run(context, {
    simulationIds: simulationIds.map((id) => parseSimulationId(id, 'simulation_ids')),
    labelSelector,
    fromRevision: Number(fromRevision),
  });
  call.sendMetadata(new Metadata());
  for await (const notice of notices) {
    if (!call.write(message(notice))) await drained(call, context.signal);
  }
}

/** Resolves also when the caller has gone. */
async function drained(call: WatchCall, signal: AbortSignal): Promise<void> {
  await once(call, 'drain', { signal }).catch((thrown) => {
    if (!signal.aborted) throw thrown;
  });
}

function message(notice: WatchNotice): WatchSimulationsResponse {
  if (notice.kind === 'synced') return { synced: true };
  return {
    simulation: simulationMessage(notice.view),
    initial: notice.kind === 'present',
    deleted: notice.kind === 'deleted',
  };
}
