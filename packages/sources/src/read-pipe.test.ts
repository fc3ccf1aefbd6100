import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSources } from './read-sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-pipe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasPipes = process.platform !== 'win32';
const pipe = (name: string) => {
  const path = join(folder, name);
  execFileSync('env', ['mkfifo', path]);
  return path;
};
const trials = JSON.stringify([{ params: { x: 1 }, value: 2 }]);

describe.skipIf(!hasPipes)(
  `a source in a named pipe${hasPipes ? '' : ' (skipped: no pipes on Windows)'}`,
  () => {
    it('is refused in seconds where no program writes to it', { timeout: 20_000 }, async () => {
      await expect(readSources(pipe('nobody'), {})).rejects.toThrow(
        /nobody.*a pipe that no program writes to/,
      );
    });
    it.each([
      ['at once', 'cat'],
      ['in pieces, with pauses', 'sleep 0.5; head -c 9; sleep 0.5; cat'],
      ['after a second', 'sleep 1; cat'],
    ])('is read to its end: written %s', { timeout: 20_000 }, async (how, script) => {
      const path = pipe(how.replaceAll(/\W/g, ''));
      const writer = spawn('sh', ['-c', `(${script}) > "$1"`, 'sh', path], {
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      writer.stdin.end(trials);
      const [source] = await readSources(path, {});
      expect(source?.trials).toMatchObject([{ params: { x: 1 }, value: 2 }]);
    });
  },
);
