import type { Case } from './cases.ts';
import { ceilingCases } from './ceilings/ceiling-cases.ts';
import { commandCases } from './commands/command-cases.ts';
import { crashCase } from './crash/crash-case.ts';
import { fanoutCases } from './fanout/fanout-cases.ts';
import { ingestCases } from './ingest/ingest-cases.ts';

export const allCases: readonly Case[] = [...ceilingCases, ...ingestCases, ...fanoutCases, crashCase, ...commandCases];
