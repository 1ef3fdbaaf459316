import type { TestProject } from 'vitest/node';
import { type FoundNatsServer, findNatsServer } from './find-nats-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    natsServer: FoundNatsServer;
  }
}

/** Each vitest project runs this file for itself; the search and the line that reports it are done once a run. */
const shared = globalThis as { shoalNatsServer?: Promise<FoundNatsServer> };

export async function setup(project: TestProject): Promise<void> {
  shared.shoalNatsServer ??= findAndReport();
  project.provide('natsServer', await shared.shoalNatsServer);
}

async function findAndReport(): Promise<FoundNatsServer> {
  const found = await findNatsServer();
  console.log(`nats-server ${found.version} from ${found.source}: ${found.path}`);
  return found;
}
