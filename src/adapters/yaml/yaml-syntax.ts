import { Composer, type CST, type Document, Lexer, Parser, type YAMLError } from 'yaml';
import type { ProblemList } from './config-problem.ts';
import type { TextPositions } from './text-positions.ts';

/** Of maps, lists and the document itself, one in another; what comes after the parser recurses, and so is kept shallow. */
export const MAX_DEPTH = 64;
/** A file within the size limit can still hold a million tokens, which take seconds and hundreds of megabytes to compose. */
const MAX_TOKENS = 100_000;

/**
 * Parses one YAML 1.2 document of the core schema.
 *
 * Lexer and parser are driven token by token: neither recurses, so depth and amount are known before anything that does
 * (the composer) begins. Duplicate keys are left to the caller, because the library looks for them in quadratic time.
 *
 * @returns undefined when it is no sound YAML; `problems` has been told why
 */
export function parseYaml(text: string, positions: TextPositions, problems: ProblemList): Document.Parsed | undefined {
  const before = problems.count;
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let amount = 0;
  for (const lexeme of new Lexer().lex(text)) {
    amount += 1;
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH) {
      problems.add(positions.at(parser.offset), [], `is nested too deeply; expected at most ${MAX_DEPTH} levels`);
      return undefined;
    }
    if (amount > MAX_TOKENS) {
      problems.add(positions.at(parser.offset), [], `has too many values; expected at most ${MAX_TOKENS} tokens`);
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);

  const [document, second] = compose(tokens, text.length);
  for (const error of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
    if (problems.full) problems.addUnworded(1);
    else problems.add(positions.at(error.pos[0]), [], describe(error));
  }
  if (second !== undefined) {
    problems.add(positions.at(second.range[0]), [], 'a second document begins here; expected one in a file');
  }
  const version = document?.directives.yaml;
  if (version?.explicit === true && version.version !== '1.2') {
    problems.add(positions.at(0), [], `is marked as YAML ${version.version}; expected YAML 1.2`);
  }
  return problems.count > before ? undefined : document;
}

/** A megabyte of mistakes takes a tenth of the time when none of their errors, which nobody throws, has a stack. */
function compose(tokens: CST.Token[], length: number): Document.Parsed[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false });
    return Array.from(composer.compose(tokens, true, length)) as Document.Parsed[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const ADVICE: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'expected spaces, for YAML has no tabs in its indentation',
  BAD_INDENT: 'expected the keys of one map in one column, what is in them further right, and every bracket closed',
  MISSING_CHAR: 'expected the missing character; text that holds : # [ ] { } or , is safe in quotes',
  UNEXPECTED_TOKEN:
    'expected a key, a list entry or a value; text that begins with a special character is safe in quotes',
  BAD_SCALAR_START: 'expected quotes around it',
  TAG_RESOLVE_FAILED: 'expected a value without a tag',
  BLOCK_AS_IMPLICIT_KEY: 'expected one `key: value` on a line; text that holds a colon is safe in quotes',
  MULTILINE_IMPLICIT_KEY: 'expected a key on one line, with a colon after it',
  BAD_DQ_ESCAPE: 'expected an escape that YAML knows, or single quotes, in which a backslash is a backslash',
};

/** The library's sentence without its line, which has its own place, and without its own wording of where. */
function describe(error: YAMLError): string {
  const [first = ''] = error.message.split('\n');
  const wrong = first.replace(/ at line \d+, column \d+:?$/, '');
  const cut = wrong.length > 200 ? `${wrong.slice(0, 200)}…` : wrong;
  const advice = ADVICE[error.code] ?? 'expected YAML 1.2';
  return `${cut}; ${advice}`;
}
