import type { Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { countValue } from '../option-values.ts';
import { printableOutput } from '../printable-text.ts';
import { withSession } from '../session.ts';

interface LogFlags {
  readonly tail?: number;
  readonly follow?: boolean;
}

export function defineLogs(command: Command, host: CliHost): void {
  command
    .summary("show a worker's output")
    .description('Print the last lines that the worker of a simulation wrote to stdout and stderr.')
    .argument('<id>', 'id of the simulation')
    .option('--tail <lines>', 'how many of the last lines (default: 100)', countValue)
    .option('-f, --follow', 'go on with new lines until the simulation has ended')
    .action((simulationId: string, { tail = 0, follow = false }: LogFlags) =>
      withSession(host, command, async ({ client, printStreamed, style }) => {
        const request = { simulationId, tailLines: tail, follow };
        for await (const { message, json } of client.stream('ReadWorkerOutput', request)) {
          const { line, truncated } = message;
          await printStreamed({ text: () => printableOutput(line) + (truncated ? style.dim(' … (cut)') : ''), json });
        }
      }),
    );
}
