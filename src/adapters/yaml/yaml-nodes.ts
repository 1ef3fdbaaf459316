import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { type ConfigNode, emptyMap, type MapEntry } from './config-node.ts';
import { type ConfigPath, quoted } from './config-path.ts';
import type { ProblemList, SourceLocation } from './config-problem.ts';
import type { TextPositions } from './text-positions.ts';
import { MAX_DEPTH } from './yaml-syntax.ts';

/** Values after aliases are replaced by what they stand for: a few lines of aliases can stand for billions. */
const MAX_VALUES = 50_000;

/** Turns a parsed document into nodes, in time and memory linear in what comes out; `problems` receives what is refused. */
export function nodesOf(document: Document.Parsed, positions: TextPositions, problems: ProblemList): ConfigNode {
  return new NodeReader(positions, problems).read(document.contents);
}

class NodeReader {
  readonly #positions: TextPositions;
  readonly #problems: ProblemList;
  readonly #anchors = new Map<string, Node>();
  /** Collections being read, to notice one that contains itself. */
  readonly #open = new Set<Node>();
  #values = 0;

  constructor(positions: TextPositions, problems: ProblemList) {
    this.#positions = positions;
    this.#problems = problems;
  }

  read(contents: Node | null): ConfigNode {
    const start = this.#positions.at(contents?.range?.[0] ?? 0);
    if (contents === null || (isScalar(contents) && contents.value === null)) return emptyMap(start);
    return this.#node(contents, []);
  }

  #node(node: Node, path: ConfigPath, at: SourceLocation = this.#positions.at(node.range?.[0] ?? 0)): ConfigNode {
    this.#values += 1;
    if (this.#values > MAX_VALUES) {
      const message = `is one value too many, aliases counted as often as they are used; expected at most ${MAX_VALUES}`;
      // Only the first is worth a line; the rest is not even looked at.
      return this.#values === MAX_VALUES + 1
        ? this.#refuse(at, path, message)
        : { kind: 'scalar', at, value: null, refused: true };
    }
    if (path.length > MAX_DEPTH) {
      return this.#refuse(at, [], `is nested too deeply; expected at most ${MAX_DEPTH} levels`);
    }
    if (isAlias(node)) return this.#alias(node, path, at);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, path, at);
    this.#open.add(node);
    const read = isSeq(node) ? this.#list(node.items as Node[], path, at) : this.#map(node, path, at);
    this.#open.delete(node);
    return read;
  }

  #alias({ source }: Alias, path: ConfigPath, at: SourceLocation): ConfigNode {
    const target = this.#anchors.get(source);
    if (target === undefined) return this.#refuse(at, path, `names no anchor above it; expected &${source} before`);
    if (!this.#open.has(target)) return this.#node(target, path, at);
    return this.#refuse(at, path, 'stands for a value that contains it; expected no circle');
  }

  #list(items: readonly Node[], path: ConfigPath, at: SourceLocation): ConfigNode {
    return { kind: 'list', at, items: items.map((item, index) => this.#node(item, [...path, index])) };
  }

  #map(node: Node, path: ConfigPath, at: SourceLocation): ConfigNode {
    const entries = new Map<string, MapEntry>();
    if (!isMap<Node, Node | null>(node)) return { kind: 'map', at, entries };
    for (const { key, value } of node.items) {
      const keyAt = this.#positions.at(key.range?.[0] ?? 0);
      const name = isScalar(key) ? keyName(key) : undefined;
      const before = name === undefined ? undefined : entries.get(name);
      if (name === undefined) {
        this.#refuse(keyAt, path, 'has a key that is no text; expected a word before the colon');
      } else if (name === '__proto__') {
        this.#refuse(keyAt, [...path, name], 'is not a known key');
      } else if (before !== undefined) {
        this.#refuse(keyAt, [...path, name], `is written twice, first in line ${before.keyAt.line}; expected once`);
      } else {
        const inner = [...path, name];
        const read = value === null ? ({ kind: 'scalar', at: keyAt, value: null } as const) : this.#node(value, inner);
        entries.set(name, { keyAt, node: read });
      }
    }
    return { kind: 'map', at, entries };
  }

  #scalar({ value, source }: Scalar, path: ConfigPath, at: SourceLocation): ConfigNode {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return this.#refuse(at, path, `is ${value}; expected a finite number`);
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        return this.#refuse(at, path, `is ${quoted(source ?? '')}, too large to be exact; expected quotes around it`);
      }
    }
    const plain =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (plain) return { kind: 'scalar', at, value };
    return this.#refuse(at, path, 'is of no known kind; expected text, a number, true, false, a map or a list');
  }

  #refuse(at: SourceLocation, path: ConfigPath, message: string): ConfigNode {
    this.#problems.add(at, path, message);
    return { kind: 'scalar', at, value: null, refused: true };
  }
}

/** A key as it was written, so that `8080`, `0x1F` and `true` are texts; undefined when there is none. */
function keyName({ value, source }: Scalar): string | undefined {
  if (typeof value === 'string') return value;
  return value === null ? undefined : (source ?? String(value));
}
