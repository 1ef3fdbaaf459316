import { expect, test } from 'vitest';
import { RegistryRepair } from '../../../src/adapters/nats/registry-repair.ts';
import { parseSimulationId } from '../../../src/domain/ids.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';
import { RecordingLog } from '../messaging/recording-log.ts';

const ID = parseSimulationId('s');

function repairThat(restore: () => Promise<void>): RegistryRepair {
  const repair = new RegistryRepair({ bucketName: 'b', look: async () => {}, restore, log: new RecordingLog() });
  repair.failed(ID, 'the server is away');
  return repair;
}

test('the registry is in trouble for as long as a record that could not be written waits', async () => {
  const repair = repairThat(() => Promise.reject(new ShoalError('BUS_UNAVAILABLE', 'still away')));
  await repair.mend();
  expect(repair.trouble).toBe('the server is away');
  expect(repair.isUnsure(ID)).toBe(true);
  repair.stop();
});

test('the registry is in no trouble when the only record that waited turns out to be of another daemon', async () => {
  const repair = repairThat(() => Promise.reject(new ShoalError('REVISION_CONFLICT', 'two daemons')));
  await repair.mend();
  expect(repair.isUnsure(ID)).toBe(false);
  expect(repair.trouble).toBeUndefined();
});
