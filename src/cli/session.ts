import { type Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from './cli-error.ts';
import type { CliHost } from './cli-host.ts';
import { DaemonClient } from './daemon-client.ts';
import { EXIT } from './exit-code.ts';
import { addressValue } from './option-values.ts';
import { OUTPUT_FORMATS, type OutputFormat, printResult, printStreamed, type Result } from './output.ts';
import { hasColours, type Style, styleOf } from './style.ts';

const DEFAULT_ADDRESS = '127.0.0.1:50050';

/** Flags that may stand before the command as well as behind it. */
export interface SharedFlags {
  readonly address?: string;
  readonly output?: OutputFormat;
}

export function addressOption(): Option {
  return new Option(
    '--address <host:port>',
    `client address of the daemon (default: $SHOAL_ADDRESS, ${DEFAULT_ADDRESS})`,
  )
    .argParser(addressValue)
    .helpGroup('Shared options:');
}

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how results are printed (default: table)')
    .choices(OUTPUT_FORMATS)
    .helpGroup('Shared options:');
}

/** What a command that asks the daemon works with. */
export interface Session {
  readonly host: CliHost;
  readonly client: DaemonClient;
  readonly style: Style;
  print(result: Result): Promise<void>;
  /** For one of many. */
  printStreamed(result: Result): Promise<void>;
  readonly format: OutputFormat;
}

/** Runs `body` with a client of the daemon that the flags, or else the environment, name. */
export async function withSession(
  host: CliHost,
  command: Command,
  body: (session: Session) => Promise<void>,
): Promise<void> {
  const { address, output: format = 'table' } = sharedFlags(command);
  const client = new DaemonClient(address ?? addressFrom(host), host.interrupts.signal);
  try {
    await body({
      host,
      client,
      format,
      style: styleOf(hasColours(host.stdout, host.environment)),
      print: (result) => printResult(host, format, result),
      printStreamed: (result) => printStreamed(host, format, result),
    });
  } finally {
    client.close();
  }
}

/** Behind the command wins over before it. */
export function sharedFlags(command: Command): SharedFlags {
  const chain: SharedFlags[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) chain.unshift(at.opts<SharedFlags>());
  return Object.assign({}, ...chain);
}

function addressFrom({ environment }: CliHost): string {
  const { SHOAL_ADDRESS } = environment;
  if (SHOAL_ADDRESS === undefined || SHOAL_ADDRESS === '') return DEFAULT_ADDRESS;
  try {
    return addressValue(SHOAL_ADDRESS);
  } catch (thrown) {
    if (!(thrown instanceof InvalidArgumentError)) throw thrown;
    throw new CliError(EXIT.usage, `SHOAL_ADDRESS is "${SHOAL_ADDRESS}". ${thrown.message}`);
  }
}
