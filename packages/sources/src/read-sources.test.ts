import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { OptimizationError } from '@foothold/core';
import { autoSampler } from '@foothold/optimize';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, fileStorage } from '@foothold/study';
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

const real = '{"name":"FloatDistribution","attributes":{"step":null,"low":0,"high":1,"log":false}}';

describe('readSources', () => {
  it("reads Optuna's journal file as Optuna itself reads it", async () => {
    const [source, ...more] = await readSources(fixture('optuna-journal.log'), { folder });
    expect(more).toEqual([]);
    expect(source).toMatchObject(optuna);
  });
  it("reads Optuna's SQLite file, the same", async () => {
    const file = write('study.db', gunzipSync(readFileSync(fixture('optuna-study.db.gz'))));
    const [source] = await readSources(file, { folder });
    expect(source).toMatchObject(optuna);
  });
  it('reads a journal whose last line is torn', async () => {
    const text = readFileSync(fixture('optuna-journal.log'), 'utf8');
    const [source] = await readSources(write('torn.log', text.slice(0, -40)), { folder });
    expect(source!.trials.filter(({ state }) => state !== 'running')).toHaveLength(7);
  });
  it('asks which objective of an Optuna study with two counts, and takes the one that is named', async () => {
    const file = write('two.db', gunzipSync(readFileSync(fixture('optuna-study.db.gz'))));
    const database = new DatabaseSync(file);
    database.exec(`INSERT INTO study_directions (direction, study_id, objective) VALUES ('MINIMIZE', 1, 1);
      INSERT INTO trial_values (trial_id, objective, value, value_type)
      SELECT trial_id, 1, 2 * value, 'FINITE' FROM trial_values`);
    database.close();
    const journal = write(
      'two.log',
      [
        { op_code: 0, study_name: 'a #1', directions: [1, 2] },
        { op_code: 0, study_name: 'b', directions: [2] },
        { op_code: 4, study_id: 0 },
        { op_code: 5, trial_id: 0, param_name: 'x', param_value_internal: 0.5, distribution: real },
        { op_code: 6, trial_id: 0, state: 1, values: [3, 4] },
        { op_code: 4, study_id: 1 },
        { op_code: 6, trial_id: 1, state: 1, values: [5] },
      ]
        .map((entry) => JSON.stringify(entry))
        .join('\n'),
    );
    await expect(readSources(file, { folder })).rejects.toThrow(
      `study "earlier" has 2 objectives; take ${file}#earlier[0] (maximize) or ${file}#earlier[1] (minimize)`,
    );
    const [first] = await readSources(`${file}#earlier[0]`, { folder });
    expect(first).toMatchObject(optuna);
    const [second] = await readSources(`${file}#earlier[1]`, { folder });
    expect(second!.direction).toBe('minimize');
    expect(second!.trials[0]).toMatchObject({ value: 2 * 1.001862721855168 });
    await expect(readSources(`${file}#earlier[2]`, { folder })).rejects.toThrow('has 2 objectives');
    await expect(readSources(journal, { folder })).rejects.toThrow(`or another study: ${journal}#b`);
    expect(await readSources(`${journal}#a #1[1]`, { folder })).toEqual([
      { name: 'a #1', direction: 'maximize', trials: [{ params: { x: 0.5 }, value: 4 }] },
    ]);
    expect((await readSources(`${journal}#b`, { folder }))[0]!.trials).toEqual([{ params: {}, value: 5 }]);
    await expect(readSources(`${journal}#c`, { folder })).rejects.toThrow(
      'there is no study "c"; there are "a #1", "b"',
    );
  });
  it('reads a journal with values that are not finite: they failed', async () => {
    const text = `{"op_code":0,"study_name":"s","directions":[1]}
{"op_code":4,"study_id":0}
{"op_code":6,"trial_id":0,"state":1,"values":[-Infinity]}
`;
    const [source] = await readSources(write('infinite.log', text), { folder });
    expect(source!.trials).toEqual([{ params: {}, state: 'failed', reason: 'failed in Optuna' }]);
  });
  it('reads what is whole of files that are being written', async () => {
    const storage = fileStorage(folder);
    const study = createStudy({
      space: searchSpace({ x: uniform(0, 1) }),
      sampler: autoSampler(),
      direction: 'minimize',
      storage,
      name: 'live',
    });
    const { number } = await study.ask();
    await study.tell(number, { state: 'complete', value: 2 });
    appendFileSync(join(folder, 'live.jsonl'), '{"at":3,"by":"x');
    expect((await readSources(join(folder, 'live.jsonl'), { folder }))[0]!.trials).toHaveLength(1);
    const lines = write('live-lines.jsonl', '{"params":{"x":1},"value":2}\n{"par');
    expect((await readSources(lines, { folder }))[0]!.trials).toEqual([{ params: { x: 1 }, value: 2 }]);
    const file = write('busy.db', gunzipSync(readFileSync(fixture('optuna-study.db.gz'))));
    const writer = new DatabaseSync(file);
    writer.exec('BEGIN IMMEDIATE; UPDATE trials SET state = state');
    expect((await readSources(file, { folder }))[0]).toMatchObject(optuna);
    writer.exec('ROLLBACK');
    writer.close();
  });
  it('takes the study of a name before the folder of that name', async () => {
    mkdirSync(join(folder, 'taken'));
    const study = createStudy({
      space: searchSpace({ x: uniform(0, 1) }),
      sampler: autoSampler(),
      direction: 'minimize',
      storage: fileStorage(folder),
      name: 'taken',
    });
    const { number } = await study.ask();
    await study.tell(number, { state: 'complete', value: 1 });
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await readSources('taken', { folder }))[0]!.trials).toHaveLength(1);
    } finally {
      process.chdir(before);
    }
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
    for (const path of ['ours', join(folder, 'ours.jsonl')]) {
      const [source] = await readSources(path, { folder });
      expect(source).toMatchObject({ name: 'ours', direction: 'maximize', trials: [{ params, value: 2 }] });
    }
  });
  it.each([
    ['list.json', JSON.stringify([{ params: { x: 1 }, value: 2 }])],
    ['object.json', JSON.stringify({ trials: [{ params: { x: 1 }, value: 2 }] })],
    ['lines.jsonl', '{"params":{"x":1},"value":2}\n'],
    ['table.csv', '\ufeffx,value\n1,2\n'],
    ['bom.json', `\ufeff${JSON.stringify([{ params: { x: 1 }, value: 2 }])}`],
    ['wide.csv', Buffer.from('\ufeffx;value\r\n1;2\r\n', 'utf16le')],
    ['comma.csv', 'x;value\n1,0;2,0\n'],
    ['quoted.csv', '\ufeff"x","value"\r\n"1","2"\r\n'],
    ['tabs.tsv', 'x\tvalue\n1\t2\n'],
    ['frame.csv', ',number,value,duration,params_x,user_attrs_k,state\n0,0,2,0 days,1,hi,COMPLETE\n'],
  ])('reads %s', async (name, text) => {
    const [source] = await readSources(write(name, text), { folder });
    expect(source!.trials).toEqual([{ params: { x: 1 }, value: 2 }]);
  });
  it('reads CSV cells by their kind: text, truth, absence, quotes, failures', async () => {
    const text = 'act,bias,momentum,value,state,reason\n"re,lu",true,,1,,\ngelu,false,0.5,,failed,memory\n';
    const [source] = await readSources(write('kinds.csv', text), { folder });
    expect(source!.trials).toEqual([
      { params: { act: 're,lu', bias: true }, value: 1 },
      { params: { act: 'gelu', bias: false, momentum: 0.5 }, state: 'failed', reason: 'memory' },
    ]);
  });
  it('reads cells and values that are missing, not finite or in other units', async () => {
    const text = 'lr,units,value\n0.1,64px,1\n,32,2\nnan,16,NaN\n0.2,8,\n0.3,4,-inf\n';
    expect((await readSources(write('odd.csv', text), { folder }))[0]!.trials).toEqual([
      { params: { lr: 0.1, units: '64px' }, value: 1 },
      { params: { units: 32 }, value: 2 },
      { params: { units: 16 }, state: 'failed', reason: 'its value was NaN' },
      { params: { lr: 0.2, units: 8 }, state: 'running' },
      { params: { lr: 0.3, units: 4 }, state: 'failed', reason: 'its value was -inf' },
    ]);
    const json =
      '[{"params":{"a":NaN,"b":null,"c":"NaN, of course"},"value":-Infinity},{"params":{},"value":null}]';
    expect((await readSources(write('odd.json', json), { folder }))[0]!.trials).toEqual([
      { params: { b: null, c: 'NaN, of course' }, state: 'failed', reason: 'its value was -Infinity' },
      { params: {}, state: 'running' },
    ]);
  });
  it('reads features and the prior weight beside the trials of a JSON source', async () => {
    const source = {
      trials: [{ params: { x: 1 }, value: 2, standardError: 0.1 }],
      metaFeatures: [3, 4],
      weight: 0.5,
    };
    expect((await readSources(write('features.json', JSON.stringify(source)), { folder }))[0]).toEqual({
      name: 'features',
      ...source,
    });
  });
  it.each([
    ['features-bad.json', '{"trials":[],"metaFeatures":"many"}', 'a list of numbers'],
    ['two-values.csv', 'number,values_0,values_1,params_x\n0,1,2,3\n', 'rename the values_ column'],
    ['unit.csv', 'x,value\n1,93%\n', 'value in line 2 of unit.csv is "93%"'],
    ['lines.csv', 'x,value\n"a\nb",1\n2,much\n', 'value in line 4 of lines.csv'],
    ['no-value.csv', 'x,loss\n1,2\n', 'a column named value'],
    ['bad-value.csv', 'x,value\n1,much\n', 'value in line 2 of bad-value.csv is "much"'],
    ['semicolons.csv', 'x;value\n1;2;3\n', 'semicolons.csv is'],
    ['empty.csv', '', 'a heading and at least one line'],
    ['twice.csv', 'x,value,value\n1,2,3\n', 'each name once'],
    ['alone.csv', 'value\n1\n', 'a column for each parameter'],
    ['bad.json', '[{"params":{"x":1}}]', 'an object with a finite value'],
    ['broken.jsonl', '{"params":{"x":1},"value":2}\n{"par\n', 'line 2 of'],
    ['direction.json', '{"trials":[],"direction":"up"}', 'minimize or maximize'],
  ])('says what is wrong in %s', async (name, text, message) => {
    await expect(readSources(write(name, text), { folder })).rejects.toThrow(message);
  });
  it.each(['number', 'state', 'reason', 'standardError'])(
    'F11: a CSV column %s is a parameter where the space has one of this name, and else none',
    async (column) => {
      const path = write(`${column}.csv`, `x,${column},value\n1,7,2\n2,9,3\n`);
      const [source] = await readSources(path, { folder, parameters: ['x', column] });
      expect(source).toEqual({
        name: column,
        trials: [
          { params: { x: 1, [column]: 7 }, value: 2 },
          { params: { x: 2, [column]: 9 }, value: 3 },
        ],
      });
      if (column === 'number')
        expect((await readSources(path, { folder, parameters: ['x'] }))[0]).toEqual({
          name: column,
          trials: [
            { params: { x: 1 }, value: 2 },
            { params: { x: 2 }, value: 3 },
          ],
          unused: ['columns that are no parameters: number'],
        });
    },
  );
  it('F11: a table for a space with a parameter called value is refused', async () => {
    const path = write('value.csv', 'value\n1\n');
    await expect(readSources(path, { folder, parameters: ['value'] })).rejects.toThrow(
      'the space has a parameter of this name',
    );
    const two = write('value-x.csv', 'x,value\n1,2\n');
    await expect(readSources(two, { folder, parameters: ['x', 'value'] })).rejects.toThrow(
      'the space has a parameter of this name',
    );
  });
  it('F11: reads known standard errors in a table, and lists what of a table of Optuna is no parameter', async () => {
    const errors = write('errors.csv', 'x,value,standardError\n1,2,0.5\n1,2,\n');
    expect((await readSources(errors, { folder }))[0]!.trials).toEqual([
      { params: { x: 1 }, value: 2, standardError: 0.5 },
      { params: { x: 1 }, value: 2 },
    ]);
    const frame = write('frame2.csv', ',number,value,params_x,epochs,state\n0,0,2,1,9,COMPLETE\n');
    expect((await readSources(frame, { folder }))[0]!.unused).toEqual([
      'columns that are no parameters: number, epochs',
    ]);
  });
  it('F11: lists members, parameters and lines of a JSON source that were not used, with counts', async () => {
    const lines = [
      '{"params":{"x":NaN,"y":1},"value":2,"epoch":3,"number":0}',
      '{"params":{"x":"NaN","y":1e999},"value":2,"epoch":4}',
      '{"params":{"x":0},"value":"NaN"}',
      '{"par',
    ];
    const [source] = await readSources(write('left.jsonl', lines.join('\n')), { folder });
    expect(source).toEqual({
      name: 'left',
      trials: [
        { params: { y: 1 }, value: 2 },
        { params: { x: 'NaN' }, value: 2 },
        { params: { x: 0 }, state: 'failed', reason: 'its value was NaN' },
      ],
      unused: [
        'the last line is not finished',
        'member epoch: not used (2 of 3)',
        'x: left out where it is not finite (1 of 3)',
        'y: left out where it is not finite (1 of 3)',
      ],
    });
    const extra = write('extra.json', '{"trials":[{"params":{},"value":1}],"comment":"x"}');
    expect((await readSources(extra, { folder }))[0]!.unused).toEqual(['members that are not used: comment']);
  });
  const line = '{"params":{"x":1},"value":2}\n';
  it.each([
    ['null line', `${line}null\n${line}`, /line 2 of .* is null/],
    [
      'name twice',
      `${line}{"params":{"x":1},"value":2,"value":3}\n`,
      /line 2 of .*the name "value" is there twice/,
    ],
    ['name twice, escaped', `${line}{"params":{"x":1,"\\u0078":2},"value":2}\n`, /line 2 of .*there twice/],
    ['lines of several sources', `{"trials":[]}\n{"trials":[5]}\n`, /trial 0 of line 2 of .* is 5/],
    [
      'deep nesting',
      `${line}{"params":{"x":${'['.repeat(1e5)}${']'.repeat(1e5)}},"value":2}\n`,
      /line 2 of .*nested/,
    ],
    ['deep nesting alone', `${'['.repeat(1e5)}${']'.repeat(1e5)}`, /nested/],
    ['state', `${line}{"params":{"x":1},"value":2,"state":"lost"}\n`, /state in line 2 of .* is "lost"/],
    ['weight', '{"trials":[],"weight":7}', /weight in .* is 7/],
    [
      'standard error',
      `${line}{"params":{"x":1},"value":2,"standardError":"big"}\n`,
      /standardError in line 2/,
    ],
    ['Latin-1', Buffer.from('{"params":{"x":"é"},"value":2}\n', 'latin1'), /text in UTF-8/],
    ['object on several lines', '{\n "trials": [\n {"params":{}, "value":1,}\n]}', /line 1 of .* JSON/],
  ])('L2, S1: a JSON source with %s is an error that says where', async (name, text, message) => {
    const path = write(`${name}.jsonl`.replaceAll(/[ ,]+/g, '-'), text);
    await expect(readSources(path, { folder })).rejects.toSatisfy(
      (error) => error instanceof OptimizationError && message.test(error.message),
    );
  });
  it.each([
    ['table.csv', 'x,value\n1,2\n'],
    ['list.json', '[{"params":{"x":1},"value":2}]'],
    ['lines.jsonl', '{"params":{"x":1},"value":2}\n'],
    [
      'journal.log',
      '{"op_code":0,"study_name":"s","directions":[1]}\n{"op_code":4,"study_id":0,"state":1,"values":[2],"params":{"x":1},' +
        '"distributions":{"x":"{\\"type\\":\\"int\\",\\"low\\":0,\\"high\\":9}"}}\n',
    ],
  ])('F19: reads %s with each byte order mark', async (name, text) => {
    for (const [k, bytes] of [
      Buffer.from(`\ufeff${text}`, 'utf8'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    ].entries()) {
      const [source] = await readSources(write(`mark${k}-${name}`, bytes), { folder });
      expect(source!.trials).toEqual([{ params: { x: 1 }, value: 2 }]);
    }
  });
  it('reads the log of a study under any file name', async () => {
    const study = createStudy({
      space: searchSpace({ x: uniform(0, 1) }),
      sampler: autoSampler(),
      direction: 'minimize',
      storage: fileStorage(folder),
      name: 'moved',
    });
    const { number } = await study.ask();
    await study.tell(number, { state: 'complete', value: 2 });
    const bytes = readFileSync(join(folder, 'moved.jsonl'));
    const path = write('backup of monday.log', Buffer.concat([bytes, Buffer.from('{"at":3,"by"')]));
    expect((await readSources(path, { folder }))[0]).toMatchObject({
      trials: [{ value: 2 }],
      unused: ['12 bytes of a record that is not finished'],
    });
  });
  it('says that a folder is no file', async () => {
    await expect(readSources(folder, { folder })).rejects.toThrow('it is a folder');
  });
  it('says when there is neither a file nor a study', async () => {
    await expect(readSources('nothing', { folder })).rejects.toThrow('no study of this name');
  });
});
