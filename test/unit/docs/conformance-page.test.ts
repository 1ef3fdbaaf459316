import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SECTIONS } from '../../../src/conformance/check.ts';
import { CHECKS } from '../../../src/conformance/checks/catalogue.ts';

const PAGE = readFileSync('docs/conformance.md', 'utf8');

test('docs/conformance.md lists every check by section, in the order of reports, and no other', () => {
  const rows = [...PAGE.matchAll(/^(?:### (.*)|\| `([A-Za-z-]+)` \| (.*) \|)$/gm)].map(([, heading, id, title]) =>
    heading === undefined ? [id, title] : [heading],
  );
  const groups = Map.groupBy(CHECKS, ({ section }) => section);
  const real = [...groups].flatMap(([section, checks]) => [
    [SECTIONS[section].title],
    ...checks.map(({ id, title }) => [id, title]),
  ]);
  expect(rows).toEqual(real);
});

test('no two checks have the same id', () => {
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
});

test('the sections that reports point to are headings of docs/workers.md', () => {
  const headings = [...readFileSync('docs/workers.md', 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  for (const { anchor } of Object.values(SECTIONS)) expect(headings).toContain(anchor);
});
