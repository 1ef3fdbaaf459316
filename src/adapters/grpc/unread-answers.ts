import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from '@grpc/grpc-js';

/**
 * Drops a peer that asks and does not take its answers: each would wait in memory for as long as the peer likes. Calls that
 * stream their answers have bounds of their own.
 *
 * @param limitMs for an answer to be taken by the peer's HTTP/2
 * @param drop closes the connection of a peer
 */
export function dropUnread(limitMs: number, drop: (peer: string) => void): ServerInterceptor {
  return (method, call) => {
    if (!method.responseStream) watch(call, limitMs, drop);
    return new ServerInterceptingCall(call);
  };
}

/** An interceptor is not told when a message has been written, so the call itself is listened to. */
function watch(call: ServerInterceptingCallInterface, limitMs: number, drop: (peer: string) => void): void {
  const sendMessage = call.sendMessage.bind(call);
  call.sendMessage = (message, written) => {
    const timer = setTimeout(() => drop(call.getPeer()), limitMs);
    timer.unref();
    sendMessage(message, () => {
      clearTimeout(timer);
      written();
    });
  };
}
