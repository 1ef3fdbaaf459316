import type { CommandName } from '../domain/command/command.ts';
import type { Examination } from './examination.ts';
import type { Setting } from './setting.ts';

/** Groups the checks in reports; each leads to a section of docs/workers.md. */
export const SECTIONS = {
  registration: { title: 'Registration', anchor: 'in-any-language' },
  heartbeats: { title: 'Heartbeats', anchor: 'in-any-language' },
  events: { title: 'Events', anchor: 'events' },
  batches: { title: 'Batches and acknowledgements', anchor: 'events' },
  connection: { title: 'When the connection breaks', anchor: 'when-the-connection-breaks' },
  commands: { title: 'Commands', anchor: 'commands' },
  snapshots: { title: 'Snapshots', anchor: 'commands' },
  end: { title: 'The end', anchor: 'exit-codes' },
  nats: { title: 'Commands over NATS', anchor: 'in-any-language' },
} as const;

export type Section = keyof typeof SECTIONS;

/** What is done to one launched worker. Checks that name the same scene judge the same launch. */
export interface Scene {
  readonly setting: Setting;
  /** Runs before the checks. What it cannot do, it leaves to them to tell: it must not fail because of what one check asks. */
  play?(examination: Examination): Promise<void>;
}

export interface CheckNeeds {
  /** Not applicable to worker types that do not declare all of them. */
  readonly commands?: readonly CommandName[];
  /** Not applicable to worker types that hear no commands this way. */
  readonly transport?: 'grpc' | 'nats';
}

/** One thing that a worker has to do. */
export interface Check {
  /** Stable: reports, `--only` and `--skip` name it. */
  readonly id: string;
  readonly section: Section;
  /** What the worker does, as the end of a sentence that begins with "The worker". */
  readonly title: string;
  /** What to change in a worker that fails. */
  readonly fix: string;
  readonly needs?: CheckNeeds;
  readonly scene: Scene;
  /** @throws Finding, NotApplicable */
  run(examination: Examination): Promise<void> | void;
}
