/** Tells whether a subject or an event key matches a filter with NATS wildcards: `*` is one token, `>` the rest (at least one). */
export type SubjectFilter = (subject: string) => boolean;

export function compileSubjectFilter(filter: string): SubjectFilter {
  const wanted = filter.split('.');
  const open = wanted.at(-1) === '>';
  const fixed = open ? wanted.slice(0, -1) : wanted;
  if (!open && !fixed.includes('*')) return (subject) => subject === filter;
  return (subject) => {
    const tokens = subject.split('.');
    if (open ? tokens.length <= fixed.length : tokens.length !== fixed.length) return false;
    return fixed.every((token, at) => token === '*' || token === tokens[at]);
  };
}

/** Whether `filter` is well formed: tokens without spaces and control bytes, none empty, `>` only at the end. */
export function isSubjectFilter(filter: string): boolean {
  const tokens = filter.split('.');
  return tokens.every(
    (token, at) =>
      /^[\x21-\x7e]+$/.test(token) &&
      (token !== '>' || at === tokens.length - 1) &&
      (token.length === 1 || !/[*>]/.test(token)),
  );
}
