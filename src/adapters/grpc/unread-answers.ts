import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from '@grpc/grpc-js';

/** What grpc-js says of a call that is over: an answer that could not be written ends it too. */
const NO_PEER = 'unknown';

/**
 * Drops a peer that asks and does not take its answers: each would wait in memory for as long as the peer likes. Calls that
 * stream their answers have bounds of their own.
 *
 * @param limitMs for an answer to be taken by the peer's HTTP/2
 * @param drop closes the connection of a peer
 */
export function dropUnread(limitMs: number, drop: (peer: string) => void): ServerInterceptor {
  return (method, call) => {
    if (method.responseStream) return new ServerInterceptingCall(call);
    const forget = watch(call, limitMs, drop);
    return new ServerInterceptingCall(call, {
      // The answer of a call that is cancelled is never written, and nobody says so.
      start: (next) => next({ onCancel: forget }),
    });
  };
}

/**
 * An interceptor is not told when a message has been written, so the call itself is listened to.
 *
 * @returns a function that stops watching
 */
function watch(call: ServerInterceptingCallInterface, limitMs: number, drop: (peer: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const dropPeer = (): void => {
    const peer = call.getPeer();
    if (peer !== NO_PEER) drop(peer);
  };
  const sendMessage = call.sendMessage.bind(call);
  call.sendMessage = (message, written) => {
    if (!isOver) timer = setTimeout(dropPeer, limitMs).unref();
    sendMessage(message, () => {
      clearTimeout(timer);
      written();
    });
  };
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
