import type { SimulationOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/Simulation.ts';
import type { DaemonLives } from '../setting/daemon-lives.ts';

const PAGE = 1_000;

/** As the present daemon tells of them; waits for one where there is none. */
export async function allSimulations(daemon: DaemonLives): Promise<SimulationOutput[]> {
  const client = await daemon.client();
  const simulations: SimulationOutput[] = [];
  let pageToken = '';
  do {
    const page = await client.list({ pageSize: PAGE, pageToken });
    simulations.push(...page.simulations);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return simulations;
}
