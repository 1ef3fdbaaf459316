import type { JetStreamClient } from '@nats-io/jetstream';
import { connect } from 'nats';

export const bad = connect;
export type Bad = JetStreamClient;
