import type { Faults } from './fault.ts';

/** After so many of them it is wrong. */
const A_FEW = 1;

export const heartbeatFaults: Faults = {
  'sends-heartbeats': {
    it: 'sends a third of the heartbeats that it is told to send',
    does: { heartbeatIntervalMs: (toldMs) => toldMs * 3 },
  },
  'sends-heartbeats/one': {
    it: 'sends one heartbeat, and no more',
    does: { heartbeat: (request, { sentInThisState }) => (sentInThisState > 0 ? undefined : request) },
  },
  'sends-heartbeats/ids': {
    it: 'sends heartbeats under the id of another worker',
    does: { heartbeat: (request) => ({ ...request, workerId: 'another' }) },
  },
  'heartbeats-while-paused': {
    it: 'sends no more heartbeats when it has been paused for a while',
    does: {
      heartbeat: (request, { isPaused, sentInThisState }) =>
        isPaused && sentInThisState > A_FEW ? undefined : request,
    },
  },
  'heartbeats-tell-the-tick': {
    it: 'tells tick 0 in its heartbeats until it has heard a command',
    does: { heartbeat: (request, { commands }) => (commands === 0 ? { ...request, tick: 0 } : request) },
  },
  'heartbeats-tell-the-state': {
    it: 'says in its heartbeats that it is running, always',
    does: { heartbeat: (request) => ({ ...request, state: 'SIMULATION_STATE_RUNNING' }) },
  },
  'heartbeats-tell-the-state/resumed': {
    it: 'says in its heartbeats that it is paused once it has heard a command, always',
    does: {
      heartbeat: (request, { commands }) =>
        commands === 0 ? request : { ...request, state: 'SIMULATION_STATE_PAUSED' },
    },
  },
};
