/**
 * A {@link Crowd} as a process of its own. Prints `live`; for each line of input, the number of events that were sent to each
 * subscriber, it prints a {@link CrowdCount} as JSON.
 *
 *   node -C source bench/fanout/crowd-program.ts --address HOST:PORT --path PATH --request BASE64 --count N
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Crowd } from './crowd.ts';

const { values } = parseArgs({
  options: {
    address: { type: 'string', default: '' },
    path: { type: 'string', default: '' },
    request: { type: 'string', default: '' },
    count: { type: 'string', default: '1' },
  },
});
const { address, path, request, count } = values;
const crowd = new Crowd({ address, path, token: '' }, Buffer.from(request, 'base64'), Number(count));
await crowd.live();
console.log('live');
// Its input ends with the bench.
for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(await crowd.count(Number(line))));
crowd.close();
