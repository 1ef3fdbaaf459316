import type { Case } from './cases.ts';
import { ceilingCases } from './ceilings/ceiling-cases.ts';
import { commandCases } from './commands/command-cases.ts';
import { crowdCases } from './commands/crowd-cases.ts';
import { lockstepCases } from './commands/lockstep-cases.ts';
import { crashCase } from './crash/crash-case.ts';
import { fanoutCases } from './fanout/fanout-cases.ts';
import { growthCases } from './growth/growth-cases.ts';
import { ingestCases } from './ingest/ingest-cases.ts';

export const allCases: readonly Case[] = [
  ...ceilingCases,
  ...ingestCases,
  ...lockstepCases,
  ...fanoutCases,
  crashCase,
  ...commandCases,
  ...crowdCases,
  ...growthCases,
];
