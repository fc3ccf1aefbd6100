import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { footholdMain } from './foothold-main.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-from-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('starts a new tuning job where an earlier one, with another range and another parameter, was good', async () => {
  writeFileSync(
    join(folder, 'f.cjs'),
    'const [x, y] = process.argv.slice(2); console.log((x - 0.8) ** 2 + (y - 0.2) ** 2);',
  );
  const rows = Array.from({ length: 25 }, (_, i) => {
    const x = (i % 5) / 4;
    const y = Math.floor(i / 5) / 4;
    return `${x},${y},red,${(x - 0.75) ** 2 + (y - 0.25) ** 2}`;
  });
  writeFileSync(join(folder, 'earlier.csv'), `x,y,color,value\n${rows.join('\n')}\n`);
  const space = '{"x":{"type":"real","low":0,"high":0.9},"y":{"type":"real","low":0,"high":1}}';
  const main = footholdMain;
  const result = await runCommand(
    process.execPath,
    [
      '--conditions=@foothold/source',
      main,
      'tune',
      '--space',
      space,
      '--run',
      `${process.execPath} f.cjs {x} {y}`,
      '--trials',
      '3',
      '--from',
      'earlier.csv',
      '--json',
    ],
    { cwd: folder },
  );
  expect(result.code, result.stderr).toBe(0);
  const { best } = JSON.parse(result.stdout) as {
    best: { value: number; why: { unused: Record<string, string[]> } };
  };
  expect(best.value).toBeLessThan(0.02);
  expect(JSON.stringify(best.why.unused)).toContain('color: not in the new space (20 of 25)');
});
