import { type handleServerStreamingCall, Metadata } from '@grpc/grpc-js';
import { invalidArgument } from '../../domain/shoal-error.ts';
import type { SubscribeToEvents } from '../../domain/subscription/subscribe-to-events.ts';
import type {
  OverflowPolicy,
  SubscriptionRequest,
  SubscriptionStart,
} from '../../domain/subscription/subscription-plan.ts';
import type { CallPlaces } from './call-places.ts';
import { contextOf, type FailureListener } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import { type EventCall, EventCallSink } from './event-call-sink.ts';
import type { SubscribeToEventsRequestOutput } from './generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';
import { timestampMs } from './well-known-types.ts';

/** SubscribeToEvents: contract section 2. */
export function subscribeToEvents(
  subscriptions: SubscribeToEvents,
  places: CallPlaces<string>,
  onFailure: FailureListener,
): handleServerStreamingCall<SubscribeToEventsRequestOutput, Buffer> {
  return (call) => {
    subscribe(call, subscriptions, places).then(
      () => call.end(),
      (thrown) => {
        onFailure('SubscribeToEvents', thrown);
        call.emit('error', toGrpcFailure(thrown));
      },
    );
  };
}

async function subscribe(call: EventCall, subscriptions: SubscribeToEvents, places: CallPlaces<string>): Promise<void> {
  const context = contextOf(call);
  places.take('clients', call);
  const live = (): void => call.sendMetadata(new Metadata());
  await subscriptions.run(context, subscriptionRequest(call.request), new EventCallSink(call), live);
}

function subscriptionRequest(request: SubscribeToEventsRequestOutput): SubscriptionRequest {
  const { simulationId, simulationIds, eventTypeKeys, attributes, labelSelector } = request;
  return {
    simulationId,
    simulationIds,
    eventTypeKeys,
    attributes,
    labelSelector,
    start: subscriptionStart(request),
    follow: !request.noFollow,
    overflow: overflowPolicy(request.overflow),
    maxRateHz: request.maxRateHz,
    latestOnly: request.latestOnly,
    qualities: request.qualities,
  };
}

/** A `from_beginning` that is set to false says nothing. */
function subscriptionStart(request: SubscribeToEventsRequestOutput): SubscriptionStart {
  if (request.start === 'fromSequence') return { sequence: Number(request.fromSequence) };
  if (request.start === 'fromTime' && request.fromTime) return { timeMs: timestampMs(request.fromTime, 'from_time') };
  return request.start === 'fromBeginning' && request.fromBeginning === true ? 'beginning' : 'now';
}

function overflowPolicy(name: SubscribeToEventsRequestOutput['overflow']): OverflowPolicy {
  switch (name) {
    case 'OVERFLOW_POLICY_UNSPECIFIED':
    case 'OVERFLOW_POLICY_DROP_OLDEST':
      return 'DROP_OLDEST';
    case 'OVERFLOW_POLICY_BLOCK':
      return 'BLOCK';
    case 'OVERFLOW_POLICY_DISCONNECT':
      return 'DISCONNECT';
    default:
      throw invalidArgument('overflow', `${name} is no policy; use DROP_OLDEST, BLOCK or DISCONNECT`);
  }
}
