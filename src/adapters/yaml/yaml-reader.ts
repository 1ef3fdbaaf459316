import { type ConfigNode, emptyMap } from './config-node.ts';
import type { ProblemList } from './config-problem.ts';
import { TextPositions } from './text-positions.ts';
import { nodesOf } from './yaml-nodes.ts';
import { parseYaml } from './yaml-syntax.ts';

/**
 * Reads one document into nodes; never throws, whatever the text. An empty one is an empty map.
 *
 * @returns undefined when it is no sound YAML; `problems` has been told why, as of single values that were refused
 */
export function readYaml(text: string, file: string, problems: ProblemList): ConfigNode | undefined {
  const positions = new TextPositions(file, text);
  const document = parseYaml(text, positions, problems);
  if (document === undefined) return undefined;
  return document.contents === null ? emptyMap(positions.at(0)) : nodesOf(document, positions, problems);
}
