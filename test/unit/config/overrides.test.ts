import { describe, expect, test } from 'vitest';
import { type LoadOptions, parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { problemLines } from './config-errors.ts';

const FILE = `
http: { listen: "127.0.0.1:1" }
worker_types:
  - { name: a, plugin: executable, options: { env: { Path: /bin }, args: [one, two] } }
`;
const configOf = (options: Omit<LoadOptions, 'file'>) => parseConfig(FILE, 'shoal.yaml', options).config;

test('an explicit value wins over the environment, the environment over the file, the file over the default', () => {
  const environment = { SHOAL__HTTP__LISTEN: '127.0.0.1:2' };
  const overrides = { 'http.listen': '127.0.0.1:3' };
  expect(configOf({ environment, overrides }).http.listen).toBe('127.0.0.1:3');
  expect(configOf({ environment }).http.listen).toBe('127.0.0.1:2');
  expect(configOf({}).http.listen).toBe('127.0.0.1:1');
  expect(parseConfig('', 'shoal.yaml').config.http.listen).toBe('127.0.0.1:9464');
});

test('an explicit value that is undefined leaves the file as it is', () => {
  expect(configOf({ overrides: { 'http.listen': undefined } }).http.listen).toBe('127.0.0.1:1');
});

describe('a variable', () => {
  test.each([
    ['sets a text', { SHOAL__DATA_DIR: '/data' }, { dataDir: '/data' }],
    ['sets a number', { SHOAL__LIMITS__MAX_LABELS: '5' }, { limits: { maxLabels: 5 } }],
    ['sets a boolean', { SHOAL__HTTP__INSECURE: 'true' }, { http: { insecure: true } }],
    [
      'sets a list',
      { SHOAL__MESSAGING__NATS__URLS: '[nats://x:1]' },
      { messaging: { nats: { urls: ['nats://x:1'] } } },
    ],
    ['sets an entry of a list', { SHOAL__WORKER_TYPES__0__NAME: 'z' }, { workerTypes: [{ name: 'z' }] }],
    ['has a name in any case', { shoal__http__Listen: '127.0.0.1:9' }, { http: { listen: '127.0.0.1:9' } }],
    ['adds sections on its way', { SHOAL__LOGGING__LEVEL: 'debug' }, { logging: { level: 'debug' } }],
    [
      'finds a key of options whatever its case',
      { SHOAL__WORKER_TYPES__0__OPTIONS__ENV__PATH: '/x' },
      { workerTypes: [{ options: { env: { Path: '/x' } } }] },
    ],
    [
      'writes a new key of options in lower case',
      { SHOAL__WORKER_TYPES__0__OPTIONS__CWD: '/x' },
      { workerTypes: [{ options: { cwd: '/x' } }] },
    ],
    [
      'reaches into lists of options',
      { SHOAL__WORKER_TYPES__0__OPTIONS__ARGS__1: 'x' },
      { workerTypes: [{ options: { args: ['one', 'x'] } }] },
    ],
  ])('%s', (_, environment, expected) => {
    expect(configOf({ environment })).toMatchObject(expected);
  });

  test('adds an entry after the last, whole sections coming before their keys', () => {
    const environment = {
      SHOAL__WORKER_TYPES__2__NAME: 'c',
      SHOAL__WORKER_TYPES__1__PLUGIN: 'executable',
      SHOAL__WORKER_TYPES__2: '{ name: x, plugin: y }',
      SHOAL__WORKER_TYPES__1: '{ name: b }',
    };
    expect(configOf({ environment }).workerTypes.map(({ name, plugin }) => `${name}/${plugin}`)).toEqual([
      'a/executable',
      'b/executable',
      'c/y',
    ]);
  });

  test('for the entry 10 comes after that for the entry 9', () => {
    const all = Array.from({ length: 12 }, (_, index) => [`SHOAL__MESSAGING__NATS__URLS__${index}`, `a:${index + 1}`]);
    const { urls } = configOf({ environment: Object.fromEntries(all) }).messaging.nats;
    expect(urls).toEqual(all.map(([, url]) => url));
  });

  test('with one underscore belongs to workers and is left alone', () => {
    expect(() => configOf({ environment: { SHOAL_WORKER_ID: 'w', SHOAL_ADDRESS: 'x', SHOALX: '1' } })).not.toThrow();
  });

  test.each([
    [
      'unknown',
      { SHOAL__GRPC__CLEINT__LISTEN: 'x' },
      'environment SHOAL__GRPC__CLEINT__LISTEN: names no key of the configuration; did you mean `SHOAL__GRPC__CLIENT__LISTEN`?',
    ],
    [
      'unlike any',
      { SHOAL__AUTH__ZEBRA: 'x' },
      'environment SHOAL__AUTH__ZEBRA: names no key of the configuration; expected one of SHOAL__AUTH__WORKERS',
    ],
    [
      'below a value',
      { SHOAL__DATA_DIR__X: 'x' },
      'environment SHOAL__DATA_DIR__X: names no key of the configuration; expected nothing after SHOAL__DATA_DIR',
    ],
    ['without a path', { SHOAL__: 'x' }, 'environment SHOAL__: has nothing between two separators; expected a key'],
    [
      'without an index',
      { SHOAL__WORKER_TYPES__A__NAME: 'x' },
      'environment SHOAL__WORKER_TYPES__A__NAME: has "A" where a list has its index; expected a number such as 0',
    ],
    [
      'beyond the list',
      { SHOAL__WORKER_TYPES__5__NAME: 'x' },
      'environment SHOAL__WORKER_TYPES__5__NAME worker_types[5].name: has the index 5 in a list of 1; expected at most 1, to add an entry',
    ],
    [
      'empty',
      { SHOAL__HTTP__LISTEN: ' ' },
      'environment SHOAL__HTTP__LISTEN http.listen: is empty; expected a value, or the variable unset',
    ],
    ['given twice', { SHOAL__HTTP__LISTEN: '127.0.0.1:1', shoal__http__listen: '127.0.0.1:1' }, 'is set by'],
    [
      'half of a new entry',
      { SHOAL__WORKER_TYPES__1__NAME: 'b' },
      'environment SHOAL__WORKER_TYPES__1__NAME worker_types[1].plugin: is missing',
    ],
    [
      'of the wrong kind',
      { SHOAL__LIMITS__MAX_LABELS: 'many' },
      'environment SHOAL__LIMITS__MAX_LABELS limits.max_labels: is the text "many"; expected a whole number from 0 to 1024',
    ],
    [
      'no YAML',
      { SHOAL__MESSAGING__NATS__URLS: '[a' },
      'environment SHOAL__MESSAGING__NATS__URLS messaging.nats.urls: Flow sequence',
    ],
    [
      'not built',
      { SHOAL__WORKER_TYPES__0__POOL__WARM: '2' },
      'environment SHOAL__WORKER_TYPES__0__POOL__WARM worker_types[0].pool.warm: is 2, which is not built yet; leave it out or write 0',
    ],
    [
      'reaching too deep',
      { [`SHOAL__WORKER_TYPES__0__OPTIONS${'__A'.repeat(5000)}`]: '1' },
      'has 5003 parts; expected at most 32',
    ],
    ['that steers the terminal', { 'SHOAL__\u001b[31m': '1' }, 'environment SHOAL__\\u{1b}[31m: names no key'],
  ])('is refused when it is %s', (_, environment, says) => {
    const lines = problemLines(FILE, { environment: environment as Record<string, string> });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(says);
  });
});

describe('an explicit value', () => {
  test.each([
    ['unknown', { 'http.lisen': 1 }, 'override http.lisen: is not a known key; did you mean `listen`?'],
    ['below a value', { 'data_dir.x': 1 }, 'override data_dir.x: is not a known key; expected nothing below its value'],
    ['no path', { 'a b': 1 }, 'override: "a b" is no path'],
    [
      'without an index',
      { 'worker_types.name': 'x' },
      'override worker_types.name: worker_types is a list; expected an index such as [0]',
    ],
    ['of the wrong kind', { 'worker_types[0].limits': 5 }, 'override worker_types[0].limits: is 5; expected a map'],
  ])('is refused when it is %s', (_, overrides, says) => {
    expect(problemLines(FILE, { overrides })).toEqual([expect.stringContaining(says)]);
  });

  test('that a mistake of the file stands in the way of is told, and so is the mistake', () => {
    expect(problemLines('http: 5', { overrides: { 'http.listen': '127.0.0.1:1' } })).toEqual([
      '1:7 http: is 5; expected a map of listen, insecure',
      'override http.listen: cannot be set, for http is no map; expected one there',
    ]);
    expect(problemLines(FILE, { overrides: { 'worker_types[0].options.env[0]': 'x' } })).toEqual([
      'override worker_types[0].options.env[0]: cannot be set, for worker_types[0].options.env is no list; expected one there',
    ]);
  });
});
