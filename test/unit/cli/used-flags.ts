/** What a test calls: the words of the command, and its flags. */
export interface CommandUse {
  /** `config check`; empty for flags in front of any command. */
  readonly command: string;
  readonly flags: readonly string[];
}

/** Which words are commands, and which words may stand behind them. */
export type CommandTree = ReadonlyMap<string, CommandTree>;

/**
 * Finds the argument lists in the source of a test: arrays of literals that begin with a command, or with flags in front
 * of one, and lines given to `run('…')`. A spread array is looked up by its name in the same source.
 */
export function commandUses(source: string, tree: CommandTree): CommandUse[] {
  const arrays = arraysIn(source);
  const lists = arrays.flatMap(({ words }) => expand(words, arrays));
  const lines = [...source.matchAll(/\brun\('([^']+)'/g)].map(([, line = '']) => line.split(' '));
  return [...lists, ...lines].flatMap((words) => usesIn(words, tree));
}

interface NamedArray {
  readonly name: string | undefined;
  /** Its own literals, `...name` for a spread, and an empty word for anything else. */
  readonly words: readonly string[];
}

/** Brackets in strings and in regular expressions of tests are harmless: what begins with them names no command. */
function arraysIn(source: string): NamedArray[] {
  return [...source.matchAll(/(?:\bconst (\w+)(?:: [^=]+)? = )?\[/g)].map(({ 0: found, 1: name, index }) => {
    return { name, words: wordsFrom(source, index + found.length) };
  });
}

const TOKEN = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`|\.\.\.(\w+)|[[({]|[\])}]|,|[\w$]+/g;

/** What stands in an array, up to its end. */
function wordsFrom(source: string, start: number): string[] {
  const words: string[] = [];
  let depth = 0;
  let isOpen = true;
  for (const match of source.slice(start).matchAll(TOKEN)) {
    const [text, single, double, template, spread] = match;
    const isEnd = /^[\])}]$/.test(text);
    if (isEnd && depth === 0) break;
    if (depth === 0 && text === ',') isOpen = true;
    else if (depth === 0 && isOpen) {
      words.push(spread === undefined ? (single ?? double ?? template ?? '') : `...${spread}`);
      isOpen = false;
    }
    if (isEnd) depth -= 1;
    else if (/^[[({]$/.test(text)) depth += 1;
  }
  return words;
}

/** One list for each array that a spread may stand for; one that is not known stands for nothing. */
function expand(words: readonly string[], arrays: readonly NamedArray[]): string[][] {
  return words.reduce<string[][]>(
    (lists, word) => {
      const named = word.startsWith('...') ? arrays.filter(({ name }) => name === word.slice(3)) : [];
      const parts = word.startsWith('...') ? (named.length === 0 ? [[]] : named.map((each) => each.words)) : [[word]];
      return lists.flatMap((list) => parts.map((part) => [...list, ...part]));
    },
    [[]],
  );
}

function usesIn(words: readonly string[], tree: CommandTree): CommandUse[] {
  const at = words.findIndex((word) => tree.has(word));
  const inFront = words.slice(0, at === -1 ? words.length : at);
  // In front of a command each flag has its value; alone stand those that are about no command.
  const isAlone = at === -1 && words.length === 1;
  if (!isAlone && (at === -1 || inFront.some((word, index) => index % 2 === 0 && !isFlag(word)))) return [];
  const own = inFront.filter(isFlag);
  const uses = own.length === 0 ? [] : [{ command: '', flags: own }];
  if (at === -1) return uses;
  const [name = '', next = ''] = words.slice(at);
  const command = tree.get(name)?.has(next) ? `${name} ${next}` : name;
  return [...uses, { command, flags: words.slice(at + 1).filter(isFlag) }];
}

function isFlag(word: string): boolean {
  return /^(--[a-z][a-z-]*|-[A-Za-z])$/.test(word);
}
