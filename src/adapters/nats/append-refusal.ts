/** What to do about refusals that may pass, by the server's error code: server/errors.json of nats-server. */
const CURES = new Map([
  [
    503,
    'something was deleted or changed, or JetStream is not up: look at the stream and at the log of the nats-server',
  ],
  [
    10_002,
    "the account's JetStream limits are reached: raise them, or bound the stream by messaging.nats.stream.max_bytes",
  ],
  [
    10_023,
    "the server's storage is used up: raise its max_file_store, free disk space, or bound the stream by messaging.nats.stream.max_bytes",
  ],
  [10_039, 'let the account use JetStream'],
  [10_047, "the server's storage is used up: raise its max_file_store, or free disk space"],
  [10_076, 'start the nats-server with JetStream (-js); it turns JetStream off itself when its disk fails'],
  [
    10_077,
    'the stream is full and refuses what is new (discard: new): raise its limits, remove events, or let it drop the oldest (discard: old)',
  ],
  [
    10_109,
    'the stream is sealed, for good: name another one and another subject in messaging.nats.stream, or delete it',
  ],
]);

/** @returns the server's words, and what its operator can do */
export function explainRefusal(code: number, reason: string): string {
  const cure = CURES.get(code);
  return cure === undefined ? reason : `${reason}; ${cure}`;
}
