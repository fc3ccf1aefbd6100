import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Params } from '@foothold/core';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from '../command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-spaces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);

// Prints what it got, and fails a trial that got anything else than it should.
writeFileSync(
  join(folder, 'got.cjs'),
  `const got = process.argv.slice(2).join(' ');
   const { act, p } = JSON.parse(process.env.FOOTHOLD_PARAMS);
   const should = (act === null ? '' : '--act ' + act + ' ') + '--p ' + p;
   if (got !== should) throw new Error('got ' + got + ', not ' + should);
   console.log(act === null ? 0 : 1 + p);`,
);

describe('foothold tune with steps, null and parts of parameters', { timeout: 60_000 }, () => {
  const space = JSON.stringify({
    act: { type: 'categorical', choices: ['relu', null] },
    p: { type: 'real', low: 0, high: 1, step: 0.1 },
  });

  it('takes the argument of null away, and the flag before it', async () => {
    const { code, out, err } = await foothold([
      ...['tune', '--space', space, '--run', `${process.execPath} got.cjs --act {act} --p {p}`],
      ...['--trials', '8', '--sampler', 'random', '--name', 'nulls', '--json'],
      ...['--enqueue', '{"act":null}', '--enqueue', '{"p":0.3}', '--enqueue', '{"act":"relu","p":0.7}'],
    ]);
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ best: { params: { act: null }, value: 0 } });
    const events = await fileStorage(join(folder, 'foothold-studies')).read('nulls', 0);
    const { trials } = replay(events);
    expect(trials.map(({ state }) => state)).toEqual(new Array(8).fill('complete'));
    const asked: readonly Params[] = trials.map(({ params }) => params);
    expect(asked[0]).toMatchObject({ act: null });
    expect(asked[1]).toMatchObject({ p: 0.3 });
    expect(asked[2]).toEqual({ act: 'relu', p: 0.7 });
    for (const { p } of asked) expect(String(p)).toMatch(/^(0|1|0\.\d)$/);
    expect(events.filter(({ type }) => type === 'enqueued')).toHaveLength(3);
  });

  it('refuses an enqueued value that is no step, before anything runs', async () => {
    const { code, err } = await foothold([
      ...['tune', '--space', space, '--run', 'node got.cjs', '--trials', '1', '--enqueue', '{"p":0.35}'],
    ]);
    expect(code).toBe(1);
    expect(err).toContain('p is 0.35, outside [0, 1] in steps of 0.1');
  });
});
