import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSimulationId } from '../../../../src/domain/ids.ts';
import { compileSubjectTemplate } from '../../../../src/domain/routing/subject-template.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import { hostileText, id } from '../arbitrary-ids.ts';

const reef = parseSimulationId('reef-1');

function subject(template: string, attributes: Record<string, string> = {}): string {
  return compileSubjectTemplate(template).subject(reef, (name) => attributes[name]);
}

describe('a subject template', () => {
  test.each([
    ['events.all', 'events.all'],
    ['events.simulation.{simulation_id}.world_state', 'events.simulation.reef-1.world_state'],
    ['events.{zone}.{simulation_id}.{agent_id}', 'events.north.reef-1.fish-7'],
    ['events.{simulation_id}.{simulation_id}', 'events.reef-1.reef-1'],
    ['events.A_b-9', 'events.A_b-9'],
  ])('%s gives %s', (template, expected) => {
    expect(subject(template, { zone: 'north', agent_id: 'fish-7' })).toBe(expected);
  });

  test('names the attributes that an event needs, the simulation id not among them', () => {
    const { text, attributes } = compileSubjectTemplate('events.{simulation_id}.{zone}.x.{agent_id}.{zone}');
    expect([text, attributes]).toEqual([
      'events.{simulation_id}.{zone}.x.{agent_id}.{zone}',
      ['zone', 'agent_id', 'zone'],
    ]);
  });

  test.each([
    ['', 'must begin with "events."'],
    ['events', 'must begin with "events."'],
    ['logging.events.raw.x', 'must begin with "events."'],
    ['eventsx.a', 'must begin with "events."'],
    ['{simulation_id}.a', 'must begin with "events."'],
    ['events.', 'has the token ""'],
    ['events..a', 'has the token ""'],
    ['events.*', 'has the token "*"'],
    ['events.>', 'has the token ">"'],
    ['events.a b', 'has the token "a b"'],
    ['events.a\r\nPUB x 0', 'has the token'],
    ['events.a{agent_id}', 'has the token "a{agent_id}"'],
    ['events.{Agent}', 'has the token "{Agent}"'],
    ['events.{}', 'has the token "{}"'],
    ['events.{a}{b}', 'has the token "{a}{b}"'],
    ['events.é', 'has the token "é"'],
    [`events.${'x'.repeat(129)}`, 'has the token'],
  ])('%j is refused: it %s', (template, problem) => {
    expect(() => compileSubjectTemplate(template)).toThrow(problem);
    expect(codeOf(() => compileSubjectTemplate(template))).toBe('INVALID_ARGUMENT');
  });

  test('is refused when it could become longer than a bus takes', () => {
    const placeholders = (count: number) => `events.${Array.from({ length: count }, (_, at) => `{a${at}}`).join('.')}`;
    const longest = compileSubjectTemplate(placeholders(15));
    expect(longest.subject(reef, () => 'x'.repeat(128)).length).toBeLessThanOrEqual(2_048);
    expect(() => compileSubjectTemplate(placeholders(16))).toThrow(
      'could have 2070 characters; a subject has at most 2048',
    );
  });

  test('needs every attribute, and says which is missing', () => {
    const missing = thrownBy(() => subject('events.{simulation_id}.{agent_id}', { agent: 'x' }));
    expect(missing).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field: 'attributes.agent_id' } });
  });

  test.each(['', 'a.b', 'a b', '*', '>', 'a\r\n', 'a\n', 'é', '{x}', 'x'.repeat(129)])(
    'refuses the attribute %j',
    (value) => {
      expect(thrownBy(() => subject('events.{agent_id}', { agent_id: value }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        metadata: { field: 'attributes.agent_id' },
      });
    },
  );

  test('takes an attribute of 128 characters that begins with a dash', () => {
    expect(subject('events.{agent_id}', { agent_id: `-${'x'.repeat(127)}` })).toHaveLength('events.'.length + 128);
  });

  test('never gives a subject with other tokens than it has itself, whatever the attributes say', () => {
    const templates = fc.array(fc.constantFrom('a', '{simulation_id}', '{agent_id}', '{zone}', 'B_2-'), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        templates,
        id,
        fc.oneof(id, hostileText),
        fc.oneof(id, hostileText),
        (tokens, simulation, agent, zone) => {
          const values: Record<string, string> = { simulation_id: simulation, agent_id: agent, zone };
          const template = compileSubjectTemplate(['events', ...tokens].join('.'));
          let made: string;
          try {
            made = template.subject(parseSimulationId(simulation), (name) => values[name]);
          } catch (thrown) {
            expect(thrown).toMatchObject({ code: 'INVALID_ARGUMENT' });
            return;
          }
          expect(made.split('.')).toEqual(['events', ...tokens.map((token) => values[token.slice(1, -1)] ?? token)]);
          expect(made).toMatch(/^[A-Za-z0-9_.-]+$/);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (thrown) {
    return thrown;
  }
}

function codeOf(action: () => unknown): string | undefined {
  const thrown = thrownBy(action);
  return thrown instanceof ShoalError ? thrown.code : undefined;
}
