import type { RoutingRule } from '../configuration.ts';
import { compileSubjectFilter, type SubjectFilter } from './subject-filter.ts';
import { compileSubjectTemplate, type SubjectTemplate } from './subject-template.ts';

/** Where the events of one key go. */
export interface Route {
  readonly eventTypeKey: string;
  readonly template: SubjectTemplate;
  readonly logged: boolean;
}

/** What a plugin says of an event key that its workers emit. */
export interface EventDeclaration {
  readonly key: string;
  /** Absent: the built-in subject of the key. */
  readonly subject?: string;
  /** Default true. */
  readonly log?: boolean;
}

const AGENT_EVENT = /^sim\.agent_(observation|reward)\.v\d+$/;
const SIMPLE_EVENT = /^sim\.([A-Za-z0-9_-]{1,64})\.v\d+$/;

/** The subject of a key about which neither plugin nor configuration says anything. */
export function builtInSubject(key: string): string {
  const agent = AGENT_EVENT.exec(key)?.[1];
  if (agent !== undefined) return `events.simulation.{simulation_id}.agent.{agent_id}.${agent}`;
  const simple = SIMPLE_EVENT.exec(key)?.[1];
  if (simple !== undefined) return `events.simulation.{simulation_id}.${simple}`;
  return `events.simulation.{simulation_id}.event.${key}`;
}

/** A worker may invent event keys; beyond this many, routes are made afresh instead of kept. */
const MAX_CACHED_ROUTES = 1024;

/**
 * The routes of one worker type: configuration over plugin over built-in, each compiled once.
 *
 * @throws ShoalError INVALID_ARGUMENT, on construction, for a malformed subject template
 */
export class RouteTable {
  readonly #declared: ReadonlyMap<string, EventDeclaration>;
  readonly #rules: readonly { readonly matches: SubjectFilter; readonly rule: RoutingRule }[];
  readonly #routes = new Map<string, Route>();

  constructor(workerType: string, declarations: readonly EventDeclaration[], rules: readonly RoutingRule[]) {
    this.#declared = new Map(declarations.map((declaration) => [declaration.key, declaration]));
    this.#rules = rules
      .filter((rule) => rule.workerType === undefined || rule.workerType === workerType)
      .map((rule) => ({ matches: compileSubjectFilter(rule.key), rule }));
    for (const { rule } of this.#rules) if (rule.subject !== undefined) compileSubjectTemplate(rule.subject);
    for (const { key } of declarations) this.find(key);
  }

  /** `key` has been checked by the caller: it becomes part of the subject. */
  find(key: string): Route {
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    const route = this.#compile(key);
    if (this.#routes.size < MAX_CACHED_ROUTES) this.#routes.set(key, route);
    return route;
  }

  /** Whether plugin or built-in rules name the key, so that it may label a metric. */
  declares(key: string): boolean {
    return this.#declared.has(key);
  }

  #compile(key: string): Route {
    const declared = this.#declared.get(key);
    const rules = this.#rules.filter(({ matches }) => matches(key)).map(({ rule }) => rule);
    const subject =
      rules.find((rule) => rule.subject !== undefined)?.subject ?? declared?.subject ?? builtInSubject(key);
    const logged = rules.find((rule) => rule.log !== undefined)?.log ?? declared?.log ?? true;
    return { eventTypeKey: key, template: compileSubjectTemplate(subject), logged };
  }
}
