/** Lower-case words of letters and digits, joined by `-`: a name that npm, Cargo, file systems and worker types all take. */
const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const MAX_LENGTH = 64;

/** A package cannot depend on another one of its own name. */
const LIBRARIES = ['shoal', 'shoal-worker', 'shoal-sim'];

/** @returns what is wrong with a project's name; undefined: nothing */
export function nameProblem(name: string): string | undefined {
  if (LIBRARIES.includes(name)) return `${name} is the name of a library that projects depend on; choose another one.`;
  if (KEBAB_CASE.test(name) && name.length <= MAX_LENGTH) return undefined;
  return `Expected lower-case letters, digits and single dashes, such as fish-school, at most ${MAX_LENGTH} characters.`;
}
