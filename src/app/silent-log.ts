import type { Log } from '../ports/log.ts';

/** For parts that are tried out: what they have to say is not what was asked for. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };
