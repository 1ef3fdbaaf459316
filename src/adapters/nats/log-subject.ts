import type { EventTypeKey, SimulationId } from '../../domain/ids.ts';
import { checkSubject } from '../../domain/routing/subject-rules.ts';
import { ShoalError } from '../../domain/shoal-error.ts';

/** Where logged events go: the subject of each, and the subjects that the stream has to capture for all. */
export interface LogSubject {
  of(simulationId: SimulationId, key: EventTypeKey): string;
  readonly captured: readonly string[];
  /** Whether the subject tells of which simulation an event is; where not, only its envelope does. */
  readonly namesSimulation: boolean;
  /** The narrowest filter that lets all of them through. @param keys with NATS wildcards; absent, like the id: any */
  filter(simulationId?: SimulationId, keys?: string): string;
}

const CONTRACT_ROOT = 'logging.events.raw';

/**
 * Compiles `messaging.nats.stream.subject`, e.g. `logging.events.raw.{simulation_id}.{event_type_key}`. The event key,
 * which may be several tokens, stands last where it stands at all.
 *
 * @throws ShoalError CONFIG_INVALID that names the template
 */
export function compileLogSubject(template: string): LogSubject {
  const tokens = template.split('.');
  const parts = tokens.map((token, at) => compileToken(token, at === tokens.length - 1, template));
  checkSubject(parts.map((part) => (part.kind === 'literal' ? part.text : 'x')).join('.'));
  return {
    captured: capturedSubjects(template, parts),
    of(simulationId, key) {
      let subject = '';
      for (const part of parts) {
        if (subject !== '') subject += '.';
        if (part.kind === 'literal') subject += part.text;
        else subject += part.kind === 'simulation' ? simulationId : key;
      }
      return subject;
    },
    namesSimulation: parts.some(({ kind }) => kind === 'simulation'),
    filter(simulationId, keys) {
      const found = { simulation: simulationId ?? '*', key: keys ?? '>' };
      return parts.map((part) => (part.kind === 'literal' ? part.text : found[part.kind])).join('.');
    },
  };
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'simulation' }
  | { readonly kind: 'key' };

function compileToken(token: string, last: boolean, template: string): Part {
  if (token === '{simulation_id}') return { kind: 'simulation' };
  if (token === '{event_type_key}' && last) return { kind: 'key' };
  if (/^[A-Za-z0-9_-]{1,128}$/.test(token)) return { kind: 'literal', text: token };
  throw new ShoalError(
    'CONFIG_INVALID',
    `messaging.nats.stream.subject: ${JSON.stringify(template)} has the token ${JSON.stringify(token)}; use literal tokens of A-Z a-z 0-9 _ -, {simulation_id}, and {event_type_key} at the end`,
    { metadata: { field: 'messaging.nats.stream.subject' } },
  );
}

/** The contract's own subjects where the template lies within them, so that readers may count on both filters. */
function capturedSubjects(template: string, parts: readonly Part[]): readonly string[] {
  if (template === CONTRACT_ROOT || template.startsWith(`${CONTRACT_ROOT}.`))
    return [CONTRACT_ROOT, `${CONTRACT_ROOT}.>`];
  const wildcards = { simulation: '*', key: '>' } as const;
  return [parts.map((part) => (part.kind === 'literal' ? part.text : wildcards[part.kind])).join('.')];
}
