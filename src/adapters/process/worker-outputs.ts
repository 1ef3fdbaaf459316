import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { OutputLine } from '../../ports/worker-launcher.ts';
import type { KeptFiles } from './kept-files.ts';
import type { LineSink } from './line-splitter.ts';
import { OutputFollower } from './output-follower.ts';
import { OutputReader } from './output-reader.ts';

export interface WorkerOutputsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly maxLineBytes: number;
  /** How often files are looked at. */
  readonly pollMs: number;
}

/** One stream of a worker's output. */
export interface Output {
  /** Reads what is left, and ends; bounded in time, for a grandchild may hold a pipe for ever. Never rejects. */
  drain(boundMs: number): Promise<void>;
}

/** At most so long at a time: workers that flood their output slow nothing else down. */
const LOOK_MS = 10;

const STREAMS = ['stdout', 'stderr'] as const;

/**
 * What workers write: from pipes, or from files, which are looked at with one timer for all. For 300 workers that takes about
 * a hundredth of a core.
 */
export class WorkerOutputs {
  readonly #options: WorkerOutputsOptions;
  readonly #followers = new Set<OutputFollower>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WorkerOutputsOptions) {
    this.#options = options;
  }

  /** @param child with pipes */
  ofPipes(child: ChildProcess, tell: (line: OutputLine) => void): Output[] {
    const { maxLineBytes } = this.#options;
    return STREAMS.map((name) => new OutputReader(child[name] as Readable, maxLineBytes, this.#sink(name, tell)));
  }

  /** @throws what `KeptFiles.open` does */
  ofFiles(files: KeptFiles, tell: (line: OutputLine) => void): Output[] {
    const followers: OutputFollower[] = [];
    try {
      for (const name of STREAMS) {
        followers.push(new OutputFollower(files.open(name), this.#options.maxLineBytes, this.#sink(name, tell)));
      }
    } catch (thrown) {
      for (const follower of followers) follower.close();
      throw thrown;
    }
    for (const follower of followers) this.#followers.add(follower);
    this.#timer ??= setInterval(() => this.#look(), this.#options.pollMs).unref();
    return followers.map((follower) => ({ drain: () => this.#drain(follower) }));
  }

  /** Follows no file any more; the workers go on writing. */
  letGo(): void {
    for (const follower of this.#followers) {
      follower.close();
      this.#remove(follower);
    }
  }

  async #drain(follower: OutputFollower): Promise<void> {
    this.#remove(follower);
    await follower.drain().catch((err: unknown) => this.#giveUp(follower, err));
  }

  /** The disk is at fault, or what is mounted there. */
  #giveUp(follower: OutputFollower, err: unknown): void {
    this.#options.log.warn({ err }, 'the output of a worker can be read no more');
    this.#remove(follower);
    follower.close();
  }

  /** In turn: those for which there was no time come first the next time. */
  #look(): void {
    const endMs = performance.now() + LOOK_MS;
    for (const follower of [...this.#followers]) {
      if (performance.now() > endMs) return;
      this.#followers.delete(follower);
      this.#followers.add(follower);
      try {
        follower.look();
      } catch (err) {
        this.#giveUp(follower, err);
      }
    }
  }

  #remove(follower: OutputFollower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sink(stream: OutputLine['stream'], tell: (line: OutputLine) => void): LineSink {
    return (text, truncated) => tell({ stream, text, timeMs: this.#options.clock.nowMs(), truncated });
  }
}
