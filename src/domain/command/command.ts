/** The commands of contract section 5, by the names that clients and workers use. */
export const COMMAND_NAMES = [
  'pause',
  'resume',
  'step',
  'reset',
  'stop',
  'agent_action',
  'inject_agent',
  'custom',
  'set_speed',
  'snapshot',
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];

export type Command =
  | { readonly name: 'pause' }
  | { readonly name: 'resume' }
  | { readonly name: 'step'; readonly ticks: bigint }
  | { readonly name: 'reset'; readonly seed?: bigint; readonly config?: Readonly<Record<string, unknown>> }
  | { readonly name: 'stop'; readonly force: boolean; readonly graceMs?: number }
  | {
      readonly name: 'agent_action';
      readonly agentId: string;
      readonly action: Uint8Array;
      readonly contentType: string;
    }
  | { readonly name: 'inject_agent'; readonly payload: Uint8Array; readonly contentType: string }
  | { readonly name: 'custom'; readonly key: string; readonly payload: Uint8Array; readonly contentType: string }
  | { readonly name: 'set_speed'; readonly ticksPerSecond: number }
  | { readonly name: 'snapshot'; readonly snapshotName: string };
