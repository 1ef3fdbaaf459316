/**
 * Ceiling of everything that goes over NATS: bare `publish` on one connection, one subject, one flush at the end.
 * Prints a {@link CeilingRun} as JSON; what is lost the server's own counter tells.
 *
 *   node -C source bench/ceilings/nats-publish.ts [--url nats://… --monitor http://…] [--seconds 2]
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from 'nats';
import { PAYLOAD_BYTES } from '../load/load-plan.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import { type CeilingRun, perEvent } from './ceiling-run.ts';

/** Publishes between turns of the event loop: the client writes to its socket once a turn. */
const PER_TURN = 512;
/** Bytes that the client may hold before the loop waits for a PONG, so that memory is no part of the figure. */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
