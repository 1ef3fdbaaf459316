import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileSchema } from '../../../src/adapters/plugins/json-schema.ts';
import { launchOf, plainPlugin, reasonOf, typeOf } from '../../support/plugins/catalogue-for-test.ts';

const SCHOOL = {
  type: 'object',
  additionalProperties: false,
  required: ['fish'],
  properties: {
    fish: { type: 'integer', minimum: 1 },
    ponds: {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: { 'odd.name': { type: 'string' } } },
    },
  },
};

describe('options of a plugin', () => {
  it('are checked before the plugin sees them', async () => {
    let described = false;
    const plugin = plainPlugin({
      optionsSchema: SCHOOL,
      describe: () => {
        described = true;
      },
    });
    expect(reasonOf(await typeOf(plugin, { fish: 0, pond: 1 }))).toMatch(
      /options.pond: unknown key; did you mean "ponds"\?; options.fish: 0 must be >= 1/,
    );
    expect(described).toBe(false);
  });

  it('reach the plugin with defaults, as a copy of its own', async () => {
    const optionsSchema = { type: 'object', properties: { size: { default: 7 }, list: { type: 'array' } } };
    const options = Object.freeze({ list: Object.freeze([1]) }) as unknown as Record<string, unknown>;
    let told: unknown;
    const describeOnce = (given: { list: number[] }) => {
      told = structuredClone(given);
      given.list.push(2);
      throw new Error('enough');
    };
    await typeOf(plainPlugin({ optionsSchema, describe: describeOnce }), options);
    expect(told).toEqual({ list: [1], size: 7 });
    expect(options).toEqual({ list: [1] });
  });

  it.each([
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
  ])('may be described by %s', async ($schema) => {
    expect(reasonOf(await typeOf(plainPlugin({ optionsSchema: { $schema, ...SCHOOL } }), { fish: 3 }))).toBe('');
    expect(reasonOf(await typeOf(plainPlugin({ optionsSchema: { $schema, ...SCHOOL } }), {}))).toMatch(
      /options.fish: is required/,
    );
  });

  it('may be described by what zod makes of its schemas', async () => {
    const optionsSchema = z.toJSONSchema(z.strictObject({ fish: z.number() }));
    expect(reasonOf(await typeOf(plainPlugin({ optionsSchema }), { fsh: 3 }))).toMatch(
      /options.fish: is required; options.fsh: unknown key; did you mean "fish"/,
    );
  });

  it('two types of one plugin have options of their own', async () => {
    const optionsSchema = { $id: 'https://example.org/same', ...SCHOOL };
    expect(reasonOf(await typeOf(plainPlugin({ optionsSchema }), { fish: 1 }))).toBe('');
    expect(reasonOf(await typeOf(plainPlugin({ optionsSchema }), { fish: 2 }))).toBe('');
  });
});

describe('the configuration of a run', () => {
  const withSchema = (configSchema: object) => typeOf(plainPlugin({}, { configSchema }));

  it('is taken when it fits, and anything is when there is no schema', async () => {
    const type = await withSchema(SCHOOL);
    expect(() => type.checkRunConfig({ fish: 2, ponds: [{ name: 'a' }] })).not.toThrow();
    expect(JSON.parse(type.configSchema)).toEqual(SCHOOL);
    const free = await typeOf(plainPlugin());
    expect(() => free.checkRunConfig([null])).not.toThrow();
  });

  it.each<[unknown, string, RegExp]>([
    [{}, 'config.fish', /^config.fish: is required$/],
    [{ fish: 'x' }, 'config.fish', /config.fish: "x" must be integer/],
    [{ fish: 1, fihs: 2 }, 'config.fihs', /config.fihs: unknown key; did you mean "fish"\?/],
    [{ fish: 1, ponds: [{ name: 'a' }, {}] }, 'config.ponds[1].name', /config.ponds\[1\].name: is required/],
    [{ fish: 1, ponds: [{ name: 'a', 'odd.name': 1 }] }, 'config.ponds[0]["odd.name"]', /must be string/],
    [[], 'config', /^config: \[\] must be object$/],
    [null, 'config', /^config: null must be object$/],
  ])('%j is refused and %s named', async (config, field, message) => {
    const type = await withSchema(SCHOOL);
    expect(refusalOf(() => type.checkRunConfig(config))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
      metadata: { field },
    });
  });

  it('is not changed by the check: the worker gets what the client sent', async () => {
    const type = await withSchema({ properties: { a: { default: 1 } } });
    const config = {};
    type.checkRunConfig(config);
    expect(config).toEqual({});
  });

  it('has a bounded answer, however much is wrong and however long it is', async () => {
    const type = await withSchema({ type: 'array', items: { type: 'integer' } });
    const refusal = refusalOf(() => type.checkRunConfig(Array(10_000).fill('x'.repeat(1_000))));
    expect((refusal as Error).message.length).toBeLessThan(5_000);
  });

  it('says the same of any value as the schema does', () => {
    const check = compileSchema(SCHOOL, 'config');
    const model = z.strictObject({
      fish: z.int().min(1),
      ponds: z
        .array(z.looseObject({ name: z.unknown(), 'odd.name': z.string().optional() }).refine((pond) => 'name' in pond))
        .optional(),
    });
    const value = fc.oneof(
      fc.record(
        {
          fish: fc.integer({ min: -2, max: 3 }),
          ponds: fc.array(fc.record({ name: fc.string(), 'odd.name': fc.string() }, { requiredKeys: [] })),
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(value, (each) => {
        expect(check(each).length === 0).toBe(model.safeParse(each).success);
      }),
    );
  });
});

it('an available type plans after its checks', async () => {
  expect(await (await typeOf(plainPlugin())).plan(launchOf())).toMatchObject({
    executable: 'true',
    args: [],
    cwd: '/base',
  });
});

function refusalOf(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (err) {
    return err;
  }
}
