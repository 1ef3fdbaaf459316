import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkPlaceholders,
  expandPlaceholders,
  PLACEHOLDER_NAMES,
  type PlaceholderName,
  type Placeholders,
} from '../../../src/plugin/plugin.ts';

const name = fc.constantFrom(...PLACEHOLDER_NAMES);
const values: fc.Arbitrary<Record<PlaceholderName, string>> = fc.record(
  Object.fromEntries(PLACEHOLDER_NAMES.map((each) => [each, fc.string()])) as Record<
    PlaceholderName,
    fc.Arbitrary<string>
  >,
);
/** Text that holds no brace. */
const plain = fc.string().map((text) => text.replaceAll(/[{}]/g, ''));

describe('expandPlaceholders', () => {
  it('puts each value in its place, also a value that looks like a placeholder', () => {
    fc.assert(
      fc.property(values, fc.array(fc.tuple(plain, name)), plain, (placeholders, parts, end) => {
        const template = parts.map(([text, each]) => `${text}{${each}}`).join('') + end;
        const expected = parts.map(([text, each]) => text + placeholders[each]).join('') + end;
        expect(expandPlaceholders(template, placeholders)).toBe(expected);
      }),
    );
  });

  it('is not fooled by values that hold placeholders or replacement patterns', () => {
    const placeholders: Placeholders = { worker_id: '{seed}', seed: "$&$1$'$$" };
    expect(expandPlaceholders('{worker_id}/{seed}', placeholders)).toBe("{seed}/$&$1$'$$");
  });

  it('gives {name} for {{name}}', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/), (each) => {
        expect(expandPlaceholders(`a{{${each}}}b`, {})).toBe(`a{${each}}b`);
      }),
    );
  });

  it('leaves any JSON alone', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        // A JSON string may hold a placeholder of its own.
        fc.pre(!/\{[a-z][a-z0-9_]*\}/.test(json));
        expect(expandPlaceholders(json, {})).toBe(json);
      }),
    );
  });

  it('throws nothing but its own errors, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[{}a-z_0-9]{0,20}$/)), (text) => {
        expect(messageOf(() => checkPlaceholders(text))).toMatch(
          /^(fine|unknown placeholder \{[a-z][a-z0-9_]*\}; known are .*)$/,
        );
      }),
    );
  });

  it('names the known ones for an unknown one', () => {
    expect(() => expandPlaceholders('--x={wroker_id}', {})).toThrow(
      'unknown placeholder {wroker_id}; known are {worker_id}, {simulation_id}, {grpc_address}, {command_subject}, {nats_url}, {config_file}, {seed}; for the literal text write {{wroker_id}}',
    );
    expect(() => expandPlaceholders('{constructor}', {})).toThrow('unknown placeholder {constructor}');
  });

  it('says why a known one has no value', () => {
    expect(() => expandPlaceholders('{seed}', {})).toThrow(/\{seed\} has no value in this launch: .*without a seed/);
    expect(() => expandPlaceholders('{nats_url}', {})).toThrow(/over gRPC, not NATS/);
    expect(() => expandPlaceholders('{worker_id}', {})).toThrow('{worker_id} has no value in this launch');
    expect(expandPlaceholders('{seed}', { seed: '' })).toBe('');
  });
});

function messageOf(run: () => void): string {
  try {
    run();
    return 'fine';
  } catch (err) {
    return err instanceof Error ? err.message : 'not an Error';
  }
}
