import type { Command } from 'commander';
import type { WorkerTypeInfoOutput } from '../../adapters/grpc/generated/fes/orchestration/v1/WorkerTypeInfo.ts';
import type { CliHost } from '../cli-host.ts';
import { note } from '../note.ts';
import { withSession } from '../session.ts';
import type { Style } from '../style.ts';
import { type Column, formatTable } from '../table.ts';

export function definePlugins(command: Command, host: CliHost): void {
  command
    .summary('list what can be started')
    .description('List the worker types of the daemon, what launches them, and why one cannot be started.')
    .action(() =>
      withSession(host, command, async ({ client, format, style, print }) => {
        const { message, json } = await client.call('ListWorkerTypes', {});
        await print({
          text: () => (message.workerTypes.length === 0 ? '' : formatTable(style, columns(style), message.workerTypes)),
          json,
          items: async () => ((await json()) as { workerTypes: [] }).workerTypes,
        });
        if (message.workerTypes.length === 0 && format === 'table') note(host, 'the daemon has no worker types');
      }),
    );
}

function columns({ green, red }: Style): Column<WorkerTypeInfoOutput>[] {
  return [
    { title: 'TYPE', of: ({ name }) => name },
    { title: 'PLUGIN', of: ({ plugin }) => plugin },
    {
      title: 'AVAILABLE',
      of: ({ available }) => (available ? 'yes' : 'no'),
      style: (text, { available }) => (available ? green(text) : red(text)),
    },
    { title: 'COMMANDS', of: ({ commands }) => commands.join(',') },
    { title: 'ABOUT', of: ({ available, description, reason }) => (available ? description : reason) },
  ];
}
