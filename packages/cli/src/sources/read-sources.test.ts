import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, fileStorage } from '@foothold/study';
import { autoSampler } from 'foothold';
import { afterAll, describe, expect, it } from 'vitest';
import { readSources } from './read-sources.ts';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'foothold-sources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string | Buffer) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** What make-optuna-fixtures.py printed. */
const optuna = {
  name: 'earlier',
  direction: 'maximize',
  trials: [
    { params: { lr: 0.00046568046379195655, layers: 4, act: 'gelu' }, value: 1.001862721855168 },
    { params: { lr: 3.863879405158732e-5, layers: 1, act: 'gelu' }, value: 1.0000386387940516 },
    { params: { lr: 0.00038642916535526494, layers: 3, act: 'gelu' }, value: 1.0011592874960658 },
    {
      params: { lr: 6.573686655138327e-5, layers: 5, act: 'gelu' },
      state: 'failed',
      reason: 'failed in Optuna',
    },
    { params: { lr: 0.00046689498537088925, layers: 3, act: 'gelu' }, state: 'pruned' },
    { params: { lr: 0.015957993164212966, layers: 5, act: 'gelu' }, value: 1.0797899658210648 },
    { params: { lr: 0.032029975700290474, layers: 5, act: 'relu' }, value: 0.16014987850145238 },
    { params: { lr: 4.7788310658576985e-5, layers: 5, act: 'gelu' }, value: 1.0002389415532928 },
  ],
};

describe('readSources', () => {
  it("reads Optuna's journal file as Optuna itself reads it", async () => {
    const [source, ...more] = await readSources(fixture('optuna-journal.log'), folder);
    expect(more).toEqual([]);
    expect(source).toMatchObject(optuna);
  });
  it("reads Optuna's SQLite file, the same", async () => {
    const file = write('study.db', gunzipSync(readFileSync(fixture('optuna-study.db.gz'))));
    const [source] = await readSources(file, folder);
    expect(source).toMatchObject(optuna);
  });
  it('reads a journal whose last line is torn', async () => {
    const text = readFileSync(fixture('optuna-journal.log'), 'utf8');
    const [source] = await readSources(write('torn.log', text.slice(0, -40)), folder);
    expect(source!.trials).toHaveLength(7);
  });
  it('reads a study of ours by its name and by its file', async () => {
    const space = searchSpace({ x: uniform(0, 1) });
    const study = createStudy({
      space,
      sampler: autoSampler(),
      direction: 'maximize',
      storage: fileStorage(folder),
      name: 'ours',
    });
    const { number, params } = await study.ask();
    await study.tell(number, { state: 'complete', value: 2 });
    for (const place of ['ours', join(folder, 'ours.jsonl')]) {
      const [source] = await readSources(place, folder);
      expect(source).toMatchObject({ name: 'ours', direction: 'maximize', trials: [{ params, value: 2 }] });
    }
  });
  it.each([
    ['list.json', JSON.stringify([{ params: { x: 1 }, value: 2 }])],
    ['object.json', JSON.stringify({ trials: [{ params: { x: 1 }, value: 2 }] })],
    ['lines.jsonl', '{"params":{"x":1},"value":2}\n'],
    ['table.csv', '\ufeffx,value\n1,2\n'],
  ])('reads %s', async (name, text) => {
    const [source] = await readSources(write(name, text), folder);
    expect(source!.trials).toEqual([{ params: { x: 1 }, value: 2 }]);
  });
  it('reads CSV cells by their kind: text, truth, absence, quotes, failures', async () => {
    const text = 'act,bias,momentum,value,state,reason\n"re,lu",true,,1,,\ngelu,false,0.5,,failed,memory\n';
    const [source] = await readSources(write('kinds.csv', text), folder);
    expect(source!.trials).toEqual([
      { params: { act: 're,lu', bias: true }, value: 1 },
      { params: { act: 'gelu', bias: false, momentum: 0.5 }, state: 'failed', reason: 'memory' },
    ]);
  });
  it.each([
    ['no-value.csv', 'x,loss\n1,2\n', 'a column named value'],
    ['bad-value.csv', 'x,value\n1,much\n', 'value in line 2 of bad-value.csv is "much"'],
    ['semicolons.csv', 'x;value\n1;2;3\n', 'semicolons.csv is'],
    ['empty.csv', '', 'a heading and at least one line'],
    ['twice.csv', 'x,value,value\n1,2,3\n', 'each name once'],
    ['alone.csv', 'value\n1\n', 'a column for each parameter'],
    ['bad.json', '[{"params":{"x":1}}]', 'an object with a finite value'],
    ['broken.jsonl', '{"params":{"x":1},"value":2}\n{"par', 'line 2 of'],
    ['direction.json', '{"trials":[],"direction":"up"}', 'minimize or maximize'],
  ])('says what is wrong in %s', async (name, text, message) => {
    await expect(readSources(write(name, text), folder)).rejects.toThrow(message);
  });
  it('says that a folder is no file', async () => {
    await expect(readSources(folder, folder)).rejects.toThrow('it is a folder');
  });
  it('says when there is neither a file nor a study', async () => {
    await expect(readSources('nothing', folder)).rejects.toThrow('no study of this name');
  });
});
