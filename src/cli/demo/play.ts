import { setTimeout as delay } from 'node:timers/promises';
import type { ControlSimulationRequest } from '../../adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { isFinal } from '../../domain/simulation/simulation-state.ts';
import { CliError, toCliError } from '../cli-error.ts';
import type { DaemonClient } from '../daemon-client.ts';
import { EXIT } from '../exit-code.ts';
import { parseState, stateLabel } from '../simulation-text.ts';
import type { Board, BoardCommand } from './board.ts';
import { BoardFeed } from './board-feed.ts';
import { DEMO_WORKER_TYPE } from './demo-config.ts';
import type { Reporter } from './reporter.ts';
import { RUNS, STEPS } from './scenario.ts';

const POLL_MS = 50;

export interface PlayParts {
  readonly client: DaemonClient;
  readonly board: Board;
  readonly reporter: Reporter;
  readonly lengthMs: number;
  /** Aborted when the user has seen enough: what runs is stopped, and the play is over. */
  readonly ending: AbortSignal;
}

/** Starts the runs, gives the commands of the scenario when their time has come, and stops the runs. */
export class Play {
  readonly #parts: PlayParts;
  readonly #feed: BoardFeed;

  constructor(parts: PlayParts) {
    this.#parts = parts;
    this.#feed = new BoardFeed(parts.client, parts.board, parts.reporter);
  }

  async run(): Promise<void> {
    const { board, lengthMs } = this.#parts;
    this.#feed.start();
    try {
      await Promise.all(RUNS.map(({ id, seed }) => this.#start(id, seed)));
      board.phase = 'running';
      for (const { at, id, text, command } of STEPS) {
        if (!(await this.#until(at * lengthMs))) break;
        const request = command(board);
        if (request !== undefined) await this.#control([id], text(board), request);
      }
      await this.#until(lengthMs);
      board.phase = 'stopping';
      const left = board.rows.filter(({ state }) => !isFinal(state)).map(({ id }) => id);
      if (left.length > 0) await this.#control(left, `shoal stop ${left.join(' ')}`, { stop: {} });
    } finally {
      await this.#feed.stop();
    }
  }

  async #start(simulationId: string, seed: number): Promise<void> {
    const { client, ending } = this.#parts;
    await this.#give(`shoal start ${DEMO_WORKER_TYPE} --id ${simulationId} --seed ${seed}`, async () => {
      await client.call('StartSimulation', { simulationId, workerType: DEMO_WORKER_TYPE, seed });
      for (;;) {
        const { message } = await client.call('GetSimulationStatus', { simulationId });
        const state = parseState(message.simulation?.state ?? '');
        if (state === 'RUNNING' || ending.aborted) return `${state}`;
        if (state !== undefined && isFinal(state)) throw failed(`${state}: ${message.simulation?.message}`);
        await delay(POLL_MS);
      }
    });
  }

  async #control(ids: readonly string[], text: string, command: ControlSimulationRequest): Promise<void> {
    const { client } = this.#parts;
    await this.#give(text, async () => {
      const request = { ...command, waitForCompletion: true };
      const calls = ids.map((simulationId) => client.call('ControlSimulation', { ...request, simulationId }));
      const answers = (await Promise.all(calls)).map(({ message }) => message);
      const refusal = answers.find(({ code }) => code !== 0);
      if (refusal !== undefined) throw failed(`refused: ${refusal.message}`);
      const states = [...new Set(answers.map(({ state }) => stateLabel(state)))].join(', ');
      return answers.length === 1 ? `${states} at tick ${answers[0]?.tick}` : states;
    });
  }

  /** Does one command and keeps what came of it; one that fails spoils the demo, but does not end it. */
  async #give(text: string, does: () => Promise<string>): Promise<void> {
    const { board, reporter } = this.#parts;
    const command: BoardCommand = { atMs: this.#feed.elapsedMs, text, outcome: undefined, failed: false };
    board.commands.push(command);
    reporter.show(this.#feed.elapsedMs);
    try {
      const outcome = await does();
      command.outcome = `${outcome}, ${Math.round(this.#feed.elapsedMs - command.atMs)} ms`;
    } catch (thrown) {
      command.failed = true;
      command.outcome = toCliError(thrown).message;
    }
    await this.#feed.refresh();
    reporter.commandDone(command);
  }

  /** @returns whether to go on */
  async #until(atMs: number): Promise<boolean> {
    const { ending } = this.#parts;
    await delay(Math.max(0, atMs - this.#feed.elapsedMs), undefined, { signal: ending }).catch(() => {});
    return !ending.aborted;
  }
}

function failed(message: string): CliError {
  return new CliError(EXIT.failed, message);
}
