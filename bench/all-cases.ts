import type { Case } from './cases.ts';
import { ceilingCases } from './ceilings/ceiling-cases.ts';
import { commandCases } from './commands/command-cases.ts';
import { crashCase } from './crash/crash-case.ts';
import { ingestCases } from './ingest/ingest-cases.ts';

export const allCases: readonly Case[] = [...ceilingCases, ...ingestCases, crashCase, ...commandCases];
