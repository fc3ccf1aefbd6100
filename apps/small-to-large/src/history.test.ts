import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStudy, fileStorage } from '@foothold/study';
import { autoSampler } from 'foothold';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallSet, writeSet } from './data/generated-set.ts';
import { historyOf } from './history.ts';
import { type NetworkParams, space } from './objective.ts';
import { command, flagsOf } from './options.ts';
import { run } from './program.ts';
import { terminal } from './terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-history-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const params = (dropout: number): NetworkParams => ({
  ...{ dropout, learningRate: 0.03, convolutionKernel: 3, poolingKernel: 2 },
});
const known = [0.2, 0.3, 0.4].map((dropout) => ({ params: params(dropout), value: dropout + 0.1 }));
const header = 'dropout,learningRate,convolutionKernel,poolingKernel,value';

describe('a small network’s history', () => {
  it('is read from JSON, from CSV, and from a study of the folder', async () => {
    const json = join(folder, 'a.json');
    await writeFile(json, JSON.stringify([...known, { params: params(0.9), state: 'failed', reason: 'x' }]));
    expect(await historyOf(json, folder)).toEqual([
      ...known,
      { params: params(0.9), state: 'failed', reason: 'x' },
    ]);
    const csv = join(folder, 'b.csv');
    await writeFile(
      csv,
      `${header}\n${known.map((t) => `${t.params.dropout},0.03,3,2,${t.value}`).join('\n')}\n`,
    );
    expect(await historyOf(csv, folder)).toMatchObject(known);
    const study = createStudy({
      space,
      direction: 'minimize',
      sampler: autoSampler(),
      storage: fileStorage(folder),
      name: 'mine',
    });
    await study.load(known);
    expect(await historyOf('mine', folder)).toMatchObject(known);
    expect(await historyOf(join(folder, 'mine.jsonl'), 'elsewhere')).toMatchObject(known);
  });

  it('is refused with the reason where there is none, or another problem’s', async () => {
    const write = async (name: string, content: unknown) => {
      await writeFile(join(folder, name), JSON.stringify(content));
      return historyOf(join(folder, name), folder);
    };
    await expect(historyOf('nothing', folder)).rejects.toThrow(
      /nothing: there is no such file, and no study/,
    );
    await expect(write('a.json', { direction: 'maximize', trials: known })).rejects.toThrow(
      /--small-history is .* a study that minimizes/,
    );
    await expect(write('b.json', [{ params: params(0.2), state: 'failed', reason: 'x' }])).rejects.toThrow(
      /at least one complete trial/,
    );
    await expect(write('c.json', [known[0], { params: { dropout: 0.2 }, value: 1 }])).rejects.toThrow(
      /a study of dropout, learningRate, .*its trial 2: .*learningRate/,
    );
    await expect(write('d.json', [{ params: params(7), value: 1 }])).rejects.toThrow(
      /its trial 1: dropout is 7/,
    );
  });

  it('takes the place of the small stage, also when the story is taken up again', async () => {
    await writeSet(join(folder, 'images'), smallSet(12));
    const place = join(folder, 'h.json');
    await writeFile(place, JSON.stringify(known));
    const sizes = '--large-trials 3 --images 20 --epochs 1 --channels-scale 0.1 --no-cold'.split(' ');
    const tell = async () => {
      let text = '';
      const flags = flagsOf(
        command().parse(
          [
            ...['--data', join(folder, 'images'), '--storage', join(folder, 'kept')],
            ...['--report', join(folder, 'r.html'), '--small-history', place, ...sizes],
          ],
          { from: 'user' },
        ),
      );
      const write = (part: string) => {
        text += part;
      };
      const story = await run(flags, terminal({ write }, {}), new AbortController().signal);
      return { story, text };
    };
    const { story, text } = await tell();
    expect(text).toContain(`3 trials of ${place}, 3 of them complete; it is not run`);
    expect(text).not.toContain('small network, 20 trials');
    expect(text).toMatch(/small network, as given +30\.0 % +3 /);
    expect(story.small).toMatchObject(known);
    // The large network begins with the best of what is known.
    expect(story.large[0]!.params).toEqual(known[0]!.params);
    const again = await tell();
    expect(again.text).toContain('large network: 3 of 3 trials are there');
    expect(again.story.large).toEqual(story.large);
    await writeFile(place, JSON.stringify(known.slice(1)));
    expect((await tell()).text).not.toContain('are there');
    expect(await readdir(join(folder, 'kept'))).toHaveLength(4);
  });

  it('does not go with --small-trials', () => {
    const parse = () =>
      command()
        .exitOverride()
        .configureOutput({ writeErr: () => undefined })
        .parse(['--small-history', 'x', '--small-trials', '3'], { from: 'user' });
    expect(parse).toThrow(/cannot be used with option '--small-trials/);
  });
});
