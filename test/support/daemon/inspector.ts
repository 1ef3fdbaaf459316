import { once } from 'node:events';

const ANSWER_TIMEOUT_MS = 30_000;
const LISTENING = /^Debugger listening on (ws:\/\/\S+)$/;

/** The address that a process tells on its standard error when its inspector is opened; undefined for any other line. */
export function inspectorAddress(line: string): string | undefined {
  return LISTENING.exec(line)?.[1];
}

/**
 * Has another process run its garbage collector to the end, so that what it holds then is held by somebody.
 *
 * @param address of its inspector
 * @throws Error when the inspector refuses, or does not answer in half a minute
 */
export async function collectGarbageOf(address: string): Promise<void> {
  const socket = new WebSocket(address);
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    await once(socket, 'open', { signal });
    const answer = once(socket, 'message', { signal });
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    const [{ data }] = await answer;
    const { error } = JSON.parse(data);
    if (error !== undefined) throw new Error(`the inspector at ${address} does not collect: ${error.message}`);
  } finally {
    socket.close();
  }
}
