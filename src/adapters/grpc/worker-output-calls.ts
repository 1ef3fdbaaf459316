import { type handleServerStreamingCall, Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import { parseSimulationId } from '../../domain/ids.ts';
import type { SimulationRegistry } from '../../domain/simulation/simulation-registry.ts';
import { isFinal } from '../../domain/simulation/simulation-state.ts';
import type { RunOutputs } from '../../domain/supervision/run-outputs.ts';
import type { Authorizer } from '../../ports/authorizer.ts';
import type { OutputLine } from '../../ports/worker-launcher.ts';
import type { CallPlaces } from './call-places.ts';
import { contextOf, type FailureListener } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import type { ReadWorkerOutputRequestOutput } from './generated/fes/orchestration/v1/ReadWorkerOutputRequest.ts';
import type { ReadWorkerOutputResponse } from './generated/fes/orchestration/v1/ReadWorkerOutputResponse.ts';
import { timestamp } from './well-known-types.ts';

const DEFAULT_TAIL = 100;
/** A reader that does not read misses lines beyond this many; workers never wait for it. */
const MAX_UNREAD = 1_000;

type OutputCall = ServerWritableStream<ReadWorkerOutputRequestOutput, ReadWorkerOutputResponse>;

/** ReadWorkerOutput: the last lines that a simulation's worker wrote, and with `follow` the next ones until it ends. */
export class WorkerOutputCalls {
  readonly #parts: {
    registry: SimulationRegistry;
    outputs: RunOutputs;
    authorizer: Authorizer;
    places: CallPlaces<string>;
    onFailure: FailureListener;
  };

  constructor(parts: {
    registry: SimulationRegistry;
    outputs: RunOutputs;
    authorizer: Authorizer;
    places: CallPlaces<string>;
    onFailure: FailureListener;
  }) {
    this.#parts = parts;
  }

  readWorkerOutput(): handleServerStreamingCall<ReadWorkerOutputRequestOutput, ReadWorkerOutputResponse> {
    return (call) => {
      try {
        this.#read(call);
      } catch (thrown) {
        this.#parts.onFailure('ReadWorkerOutput', thrown);
        call.emit('error', toGrpcFailure(thrown));
      }
    };
  }

  #read(call: OutputCall): void {
    const { registry, outputs, authorizer, places } = this.#parts;
    const { simulationId, tailLines, follow } = call.request;
    const id = parseSimulationId(simulationId);
    const { labels } = registry.get(id);
    const context = contextOf(call);
    authorizer.demand(context, 'read', { simulationId: id, labels });
    places.take('clients', call);
    const tail = outputs.find(id);
    call.sendMetadata(new Metadata());
    let unread = 0;
    const send = (line: OutputLine): void => {
      if (unread >= MAX_UNREAD) return;
      unread += 1;
      call.write(outputMessage(line, registry.find(id)?.workerId ?? ''), () => {
        unread -= 1;
      });
    };
    for (const line of tail?.last(tailLines || DEFAULT_TAIL) ?? []) send(line);
    if (!follow || tail === undefined || isFinal(registry.get(id).state)) {
      call.end();
      return;
    }
    const unfollow = tail.follow(send);
    registry
      .until(id, ({ state }) => isFinal(state), context.signal)
      .then(
        () => call.end(),
        () => {},
      )
      .finally(unfollow);
  }
}

function outputMessage(line: OutputLine, workerId: string): ReadWorkerOutputResponse {
  return {
    line: line.text,
    stream: line.stream === 'stdout' ? 'OUTPUT_STREAM_STDOUT' : 'OUTPUT_STREAM_STDERR',
    workerId,
    time: timestamp(line.timeMs),
    truncated: line.truncated,
  };
}
