import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';
import { readSpace } from './read-space.ts';
import { UsageError } from './usage-error.ts';

const text = '{"größe":{"type":"int","low":1,"high":8}}';
const description = { größe: { type: 'int', low: 1, high: 8 } };
const folder = mkdtempSync(join(tmpdir(), 'read-space-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readSpace', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 little endian with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 big endian with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('reads a file in %s', async (name, bytes) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.json`);
    writeFileSync(path, bytes);
    expect((await readSpace(path)).description).toEqual(description);
  });

  it('reads JSON text that has a byte order mark in front', async () => {
    expect((await readSpace(`\uFEFF ${text}`)).description).toEqual(description);
  });

  it('refuses a parameter that is there twice, of which JSON.parse would keep the last', async () => {
    const twice = '{"x":{"type":"real","low":0,"high":1},"x":{"type":"real","low":5,"high":9}}';
    await expect(readSpace(twice)).rejects.toThrow('a name in --space is "x", allowed is each name once');
  });

  it('says which file is missing', async () => {
    const reading = readSpace(join(folder, 'none.json'));
    await expect(reading).rejects.toBeInstanceOf(UsageError);
    await expect(reading).rejects.toThrow(/--space: .*none.json could not be read \(there is no such file\)/);
  });

  it('refuses bytes that are not text by the name of the file', async () => {
    const path = join(folder, 'latin1.json');
    writeFileSync(path, Buffer.from(text, 'latin1'));
    await expect(readSpace(path)).rejects.toThrow(/--space: .*latin1.json is .*allowed is text in UTF-8/);
  });
});

const hasPipes = process.platform !== 'win32';
describe.skipIf(!hasPipes)(
  `--space of a named pipe${hasPipes ? '' : ' (skipped: no pipes on Windows)'}`,
  () => {
    const foothold = commandIn(folder);
    const tune = (path: string) =>
      foothold(['tune', '--space', path, '--run', 'echo {größe}', '--trials', '1', '--json']);
    const pipe = (name: string) => {
      execFileSync('env', ['mkfifo', join(folder, name)]);
      return join(folder, name);
    };

    it('is refused in seconds where no program writes to it', { timeout: 30_000 }, async () => {
      const { code, err } = await tune(pipe('nobody'));
      expect(err).toContain('nobody could not be read: it is a pipe that no program writes to');
      expect(code).toBe(1);
    });

    it('is read to its end where one does', { timeout: 30_000 }, async () => {
      const path = pipe('written');
      const writer = spawn('sh', ['-c', 'cat > "$1"', 'sh', path], { stdio: ['pipe', 'ignore', 'inherit'] });
      writer.stdin.end(text);
      const { code, out, err } = await tune(path);
      expect(code, err).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ best: { params: { größe: expect.any(Number) } } });
    });
  },
);
