/**
 * Runs every `check:…` script of package.json, also after one that failed, two at a time; says what each took, and prints
 * what the failed ones say.
 *
 *   npm run check                  all
 *   npm run check -- types lint    those
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PARALLEL = 2;

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const known = Object.keys(scripts)
  .filter((name) => name.startsWith('check:'))
  .map((name) => name.slice('check:'.length));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exitCode = 2;
} else {
  await checkAll(asked.length > 0 ? asked : known);
}

async function checkAll(names) {
  const waiting = [...names];
  const failed = [];
  const startedMs = Date.now();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      if (!(await check(name))) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const sum = `${names.length - failed.length} of ${names.length} checks passed in ${seconds(startedMs)}`;
  console.log(failed.length === 0 ? sum : `${sum}; failed: ${failed.join(', ')}`);
  if (failed.length > 0) process.exitCode = 1;
}

async function check(name) {
  const startedMs = Date.now();
  const { ok, output } = await run(scripts[`check:${name}`]);
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(12)} ${seconds(startedMs).padStart(7)}`);
  if (!ok) console.log(`\n${output.trimEnd()}\n`);
  return ok;
}

function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

function seconds(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}
