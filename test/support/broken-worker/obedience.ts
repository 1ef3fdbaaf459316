import { status } from '@grpc/grpc-js';
import { structToJson } from '../../../src/worker/struct-json.ts';
import type { Behaviour } from './behaviour/behaviour.ts';
import type { CommandName } from './behaviour/commands.ts';
import { checkConfiguration } from './configuration.ts';
import { type Answer, type Command, messages } from './messages.ts';
import type { Simulation } from './simulation.ts';

/** What is done about a command. */
export interface Deed {
  /** Beside `ok`, tick and state. */
  readonly answer: Answer;
  /** What is done after it is answered. */
  readonly afterwards?: () => Promise<void>;
}

const NAMES: Readonly<Record<string, CommandName>> = {
  'orchestrator.control.pause': 'pause',
  'orchestrator.control.resume': 'resume',
  'orchestrator.control.step': 'step',
  'orchestrator.control.reset': 'reset',
  'orchestrator.control.stop_worker': 'stop',
  'orchestrator.control.set_speed': 'set_speed',
  'orchestrator.control.snapshot': 'snapshot',
  'orchestrator.control.inject_agent': 'inject_agent',
  'orchestrator.ai.action': 'agent_action',
};

export const SUPPORTED: readonly CommandName[] = [...Object.values(NAMES), 'custom'];

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

export function nameOf({ eventTypeKey }: Command): CommandName {
  return NAMES[eventTypeKey] ?? 'custom';
}

/** Does what commands say. */
export class Obedience {
  readonly #simulation: Simulation;
  readonly #behaviour: Behaviour;
  #pausedSince: 'from the start' | 'by command' = 'from the start';
  #wake: NodeJS.Timeout | undefined;
  #lastCommandMs = performance.now();

  constructor(simulation: Simulation, behaviour: Behaviour) {
    this.#simulation = simulation;
    this.#behaviour = behaviour;
  }

  begin(state: 'RUNNING' | 'PAUSED'): void {
    this.#simulation.begin(state);
    if (state === 'PAUSED') this.#wakeIfLeft();
  }

  /** Between two ticks. @throws Error when the payload cannot be decoded */
  async obey({ eventTypeKey, eventPayload }: Command, name: CommandName): Promise<Deed> {
    clearTimeout(this.#wake);
    const leftAloneMs = performance.now() - this.#lastCommandMs;
    this.#lastCommandMs = performance.now();
    const { ticking } = this.#simulation;
    switch (name) {
      case 'pause':
        messages.PauseCommand.deserialize(eventPayload);
        ticking.goInto('PAUSED');
        this.#pausedSince = 'by command';
        return { answer: {}, afterwards: async () => this.#wakeIfLeft() };
      case 'resume':
        messages.ResumeCommand.deserialize(eventPayload);
        ticking.isAsleep = !this.#behaviour.resumes(leftAloneMs);
        ticking.goInto('RUNNING');
        return { answer: {} };
      case 'step': {
        const { ticks, afterAnswer } = this.#behaviour.step(
          Number(messages.StepCommand.deserialize(eventPayload).ticks),
        );
        await ticking.step(ticks - afterAnswer);
        return { answer: {}, afterwards: () => ticking.step(afterAnswer) };
      }
      case 'reset': {
        const { seed, config } = messages.ResetCommand.deserialize(eventPayload);
        const configuration = config === null ? undefined : checkConfiguration(structToJson(config));
        this.#simulation.reset(seed === undefined ? undefined : BigInt(seed), configuration);
        return { answer: {} };
      }
      case 'set_speed': {
        const { ticksPerSecond } = messages.SetSpeedCommand.deserialize(eventPayload);
        ticking.ticksPerSecond = this.#behaviour.speed(ticksPerSecond);
        return { answer: {} };
      }
      case 'snapshot':
        return { answer: this.#snapshot(messages.SnapshotCommand.deserialize(eventPayload).name) };
      case 'inject_agent':
        messages.InjectAgentCommand.deserialize(eventPayload);
        this.#simulation.inject();
        return { answer: {} };
      case 'agent_action': {
        const { agentId } = messages.AgentActionCommand.deserialize(eventPayload);
        if (this.#simulation.act(agentId)) return { answer: {} };
        return { answer: refusal(status.NOT_FOUND, `there is no agent ${agentId}`) };
      }
      case 'stop':
        messages.StopCommand.deserialize(eventPayload);
        ticking.goInto('STOPPING');
        return { answer: {} };
      case 'custom':
        return { answer: refusal(status.UNIMPLEMENTED, `this worker does not know ${eventTypeKey}`) };
    }
  }

  #snapshot(asked: string): Answer {
    const name = asked === '' ? `tick-${this.#simulation.tick}` : asked;
    if (!FILE_NAME.test(name)) return refusal(status.INVALID_ARGUMENT, `${JSON.stringify(name)} is no name for a file`);
    return { snapshotRef: this.#simulation.writeSnapshot(name) };
  }

  #wakeIfLeft(): void {
    const afterMs = this.#behaviour.wakesAfterMs(this.#pausedSince);
    if (afterMs !== undefined) this.#wake = setTimeout(() => void this.#simulation.ticking.step(1), afterMs);
  }
}

export function refusal(code: number, message: string): Answer {
  return { ok: false, code, message };
}
