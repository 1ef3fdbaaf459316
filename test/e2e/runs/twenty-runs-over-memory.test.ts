import { twentyRuns } from './twenty-runs.ts';
import { SubscribedWitness } from './witness.ts';
import { fakeType, fishType, plainType } from './worker-types.ts';

twentyRuns('memory', {
  daemon: async () => ({
    workerTypes: [fishType(), fakeType(), fakeType({ name: 'rigid', commands: ['pause', 'resume'] }), plainType()],
  }),
  witness: async ({ addresses }) => new SubscribedWitness(addresses.clients),
  tearDown: async () => {},
  more: () => {},
});
