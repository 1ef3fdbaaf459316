#!/usr/bin/env node
// Nothing is imported before the version is known to do, and no `await` stands outside a function: an older Node would
// fail in the middle of an import, or could not even parse this file, and say so at length.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  const cure = 'get one from https://nodejs.org, or into this folder by `npm install node@24` and call `npx shoal`';
  process.stderr.write(`shoal needs Node.js 22.13 or newer; ${process.execPath} is ${process.version}; ${cure}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  // Compiled modules are kept where Node keeps them, below the folder for temporary files: the next call takes half of the time.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { CliError } = await import('./cli/cli-error.ts');
  const { EXIT } = await import('./cli/exit-code.ts');
  const { Interrupts } = await import('./cli/interrupts.ts');

  /** Whoever stops reading the output has seen enough; a disk that is full is a failure. */
  const onOutputError = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') interrupts.raise('EPIPE');
    else interrupts.crash(new CliError(EXIT.failed, `the results cannot be written: ${error.message}`));
  };

  const interrupts = new Interrupts((exitCode) => process.exit(exitCode));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupts.raise(signal));
  process.on('uncaughtException', (error) => interrupts.crash(error));
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', () => {});

  await import('reflect-metadata');
  const { sendConsoleTo } = await import('./cli/console-output.ts');
  const { enterInvocationFolder } = await import('./cli/invocation-folder.ts');
  const { runCli } = await import('./cli/run.ts');
  const { stdin, stdout, stderr, env: environment } = process;
  sendConsoleTo(stderr);
  enterInvocationFolder(environment);
  const exitCode = await runCli(process.argv.slice(2), { stdin, stdout, stderr, environment, interrupts });
  // What was written may fail yet, and an error says so here.
  await new Promise((resolve) => stdout.write('', resolve));
  process.exit(exitCode);
}

void main();
