import { appendFileSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputFollower } from '../../../src/adapters/process/output-follower.ts';

const MIB = 1024 * 1024;

describe('a file to which a worker writes its output', () => {
  let folder: string;
  let file: string;
  let lines: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shoal-output-'));
    file = join(folder, 'stdout');
    writeFileSync(file, '');
    lines = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const follow = () => new OutputFollower(openSync(file, 'r+'), 100, (text) => lines.push(text));

  it('is heard as it grows, a line when it is whole, and the last one at the end', async () => {
    const follower = follow();
    appendFileSync(file, 'one\ntw');
    follower.look();
    expect(lines).toEqual(['one']);
    appendFileSync(file, 'o\nthree');
    follower.look();
    expect(lines).toEqual(['one', 'two']);
    await follower.drain();
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  it('is emptied when it has been read and is large, and goes on from its beginning', () => {
    const follower = follow();
    appendFileSync(file, 'x\n'.repeat(200_000));
    follower.look();
    expect([lines.length, statSync(file).size]).toEqual([200_000, 0]);
    appendFileSync(file, 'next\n');
    follower.look();
    expect(lines.at(-1)).toBe('next');
  });

  it('that somebody else empties is followed from its beginning', () => {
    const follower = follow();
    appendFileSync(file, 'before\n');
    follower.look();
    truncateSync(file);
    appendFileSync(file, 'new\n');
    follower.look();
    expect(lines).toEqual(['before', 'new']);
  });

  it('that grows faster than it is read is skipped, and says by how much', () => {
    const follower = follow();
    appendFileSync(file, `${'y'.repeat(50)}\n`.repeat(200_000));
    for (let looks = 0; looks < 3; looks += 1) follower.look();
    expect(lines[0]).toMatch(/^\[\d{7,} bytes of output were skipped/);
    expect(lines.slice(1).every((line) => line === 'y'.repeat(50))).toBe(true);
    expect(statSync(file).size).toBe(0);
  });

  it('of a daemon before begins with whole lines of its last 256 KiB', () => {
    appendFileSync(file, Array.from({ length: 50_000 }, (_, line) => `line ${line}\n`).join(''));
    const follower = follow();
    follower.look();
    expect(lines.at(-1)).toBe('line 49999');
    expect(lines[0]).toMatch(/^line \d{5}$/);
    expect(lines.join('\n').length).toBeGreaterThan(MIB / 4 - 20);
    expect(lines.join('\n').length).toBeLessThanOrEqual(MIB / 4);
  });
});
