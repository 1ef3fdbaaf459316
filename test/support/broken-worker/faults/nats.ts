import type { Faults } from './fault.ts';

export const natsFaults: Faults = {
  'hears-commands-over-nats': {
    it: 'is deaf until its NATS connection was made a second time',
    does: { hears: (reconnections) => reconnections > 0 },
  },
  'outlives-a-nats-restart': {
    it: 'does not connect to NATS again',
    does: { reconnects: false },
  },
  'outlives-a-nats-restart/exits': {
    it: 'exits when the NATS server is gone',
    does: { withoutServer: 'exit' },
  },
  'outlives-a-nats-restart/loses': {
    it: 'reports nothing of what happens while the NATS server is gone',
    does: { withoutServer: 'lose events' },
  },
  'publishes-nothing-on-nats': {
    it: 'answers on the reply subject of a command',
    does: { replies: true },
  },
  'publishes-nothing-on-nats/announces': {
    it: 'publishes that it is there',
    does: { announcesOn: 'workers.here' },
  },
};
