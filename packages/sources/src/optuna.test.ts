import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { OptimizationError, seeded } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { lenientJson } from './lenient-json.ts';
import { optunaJournal } from './optuna-journal.ts';
import { optunaSqlite } from './optuna-sqlite.ts';
import type { OptunaStudy } from './optuna-study.ts';
import { readSources } from './read-sources.ts';

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'foothold-optuna-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const read = (name: string) => readSources(join(folder, name), { folder });

/** A study as the scripts print what Optuna itself reads. */
interface Seen {
  readonly name: string;
  readonly directions: readonly string[];
  readonly trials: readonly {
    readonly params: Readonly<Record<string, unknown>>;
    readonly state: string;
    readonly values: readonly number[] | null;
  }[];
}
const states = {
  complete: 'COMPLETE',
  failed: 'FAIL',
  pruned: 'PRUNED',
  running: 'RUNNING',
  waiting: 'WAITING',
};
const seen = ({ name, directions, trials }: OptunaStudy): Seen => ({
  name,
  directions: directions.map((direction) => direction.toUpperCase()),
  trials: [...trials.values()].map(({ params, state, values }) => ({
    params: Object.fromEntries(params),
    state: states[state],
    values: values.length > 0 && values.every((v) => v !== undefined) ? (values as number[]) : null,
  })),
});
const byName = (studies: readonly OptunaStudy[]) =>
  studies.map(seen).sort((a, b) => (a.name < b.name ? -1 : 1));

const versions = ['2.10.1', '3.6.2', '4.2.1', '5.0.0'];
const of = (version: string) =>
  JSON.parse(fixture(`optuna-${version}.json`).toString()) as { readonly db: Seen[]; readonly log?: Seen[] };

describe('studies of Optuna', () => {
  it.each(versions)('F4: of version %s in SQLite are read as Optuna reads them', async (version) => {
    const path = write(`${version}.db`, gunzipSync(fixture(`optuna-${version}.db.gz`)));
    const studies = await optunaSqlite(path);
    expect(byName(studies)).toEqual(of(version).db);
    const [first] = await readSources(`${path}#first`, { folder });
    expect(Object.keys(first!.trials[0]!.params).sort()).toEqual([
      'choice',
      'discrete',
      'loguniform',
      'logwhole',
      'uniform',
      'whole',
    ]);
    expect(first!.unused).toEqual(['values that are not finite count as failures (2 of 9)']);
  });

  it.each(versions.slice(1))(
    'F2: of version %s in a journal are read as Optuna reads them',
    async (version) => {
      const text = gunzipSync(fixture(`optuna-${version}.log.gz`)).toString();
      expect(byName(await optunaJournal([text.split('\n')], 'x.log'))).toEqual(of(version).log);
    },
  );

  it('F2: a name that is there already makes no study', async () => {
    const distribution =
      '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}';
    const lines = [
      { op_code: 0, worker_id: 'a', study_name: 'first', directions: [1] },
      { op_code: 0, worker_id: 'b', study_name: 'first', directions: [1] },
      { op_code: 0, worker_id: 'c', study_name: 'second', directions: [1] },
      { op_code: 4, worker_id: 'c', study_id: 1, datetime_start: '2026-01-01T00:00:00.000000' },
      { op_code: 5, worker_id: 'c', trial_id: 0, param_name: 'x', param_value_internal: 0.5, distribution },
      {
        op_code: 6,
        worker_id: 'c',
        trial_id: 0,
        state: 1,
        values: [7],
        datetime_complete: '2026-01-01T00:00:01.000000',
      },
    ];
    write('mini.log', `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    const [first, second, ...more] = await read('mini.log');
    expect(more).toEqual([]);
    expect(first).toMatchObject({ name: 'first', trials: [] });
    expect(second).toMatchObject({ name: 'second', trials: [{ params: { x: 0.5 }, value: 7 }] });
    expect(await read('mini.log#second')).toEqual([second]);
  });

  const journals = process.env['FOOTHOLD_JOURNALS'];
  it('F2: journals of random operations are read as Optuna reads them', async () => {
    const lines = gunzipSync(journals ? readFileSync(journals) : fixture('optuna-journals.jsonl.gz'))
      .toString()
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(60);
    for (const [i, line] of lines.entries()) {
      const { journal, studies } = lenientJson(line) as { journal: unknown[]; studies: Seen[] };
      const text = journal.map((entry) => `${withNumbers(entry)}\n`).join('');
      expect((await optunaJournal([text.split('\n')], 'x.log')).map(seen), `journal ${i}`).toEqual(studies);
    }
  });

  it.each([
    ['CREATE TABLE x (y)', 'not a study of Optuna: it has no table studies'],
    [
      `CREATE TABLE studies (study_id, study_name, direction); CREATE TABLE trials (trial_id, study_id, state, value);
       CREATE TABLE trial_params (param_id, trial_id); CREATE TABLE trial_values (trial_id, step, value)`,
      'written by an Optuna before 2.4: run `optuna storage upgrade`',
    ],
  ])('F4: a database that is another one is an error that says so', async (sql, message) => {
    const path = write(`other ${message.length}.db`, '');
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    await expect(readSources(path, { folder })).rejects.toThrow(message);
  });

  it('F4: a distribution of an unknown kind leaves its parameter out, with the count', async () => {
    const distribution = JSON.stringify({ name: 'LaplaceDistribution', attributes: { low: 0 } });
    const lines = [
      { op_code: 0, study_name: 's', directions: [1] },
      { op_code: 4, study_id: 0 },
      { op_code: 5, trial_id: 0, param_name: 'x', param_value_internal: 0.5, distribution },
      { op_code: 6, trial_id: 0, state: 1, values: [7] },
    ];
    const [study] = await optunaJournal([lines.map((line) => JSON.stringify(line))], 'x.log');
    expect(study!.notes.lines(1)).toEqual([
      'x: left out, its distribution LaplaceDistribution is not known (1 of 1)',
    ]);
  });
});

describe('damaged files of Optuna', () => {
  it.each([
    ['null', 'Invalid type'],
    ['5', 'Invalid type'],
    ['{"op_code":99}', 'op_code'],
    ['{"op_code":4}', 'study_id'],
    ['{"op_code":4,"study_id":-1}', 'study_id'],
    [
      '{"op_code":5,"trial_id":0,"param_name":"x","param_value_internal":1,"distribution":"{"}',
      'distribution',
    ],
    ['{"op_code":6,"trial_id":0,"state":9}', 'state'],
    ['{"op_code":6,"trial_id":0,"state":1,"state":2}', 'there twice'],
    ['{"op_code":0,"study_name":"s","directions":[3]}', 'directions'],
    [`{"op_code":2,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'nested'],
    ['{"op_code":6,', 'JSON'],
  ])('S1: a line %.60s in a journal is an error that names it', async (line, text) => {
    const whole = '{"op_code":0,"study_name":"s","directions":[1]}';
    const reading = optunaJournal(
      [
        [whole, '', line],
        [whole, ''],
      ],
      'x.log',
    );
    await expect(reading).rejects.toThrow(/line 3 of x\.log/);
    await expect(reading).rejects.toThrow(text);
  });

  it('S1: 500 damaged files end in sources or in an error of ours', async () => {
    const rng = seeded('optuna damage');
    const files = [
      ['d.log', gunzipSync(fixture('optuna-5.0.0.log.gz'))],
      ['d.db', gunzipSync(fixture('optuna-4.2.1.db.gz'))],
      ['d.csv', Buffer.from(`a,b,value,state\n${'0.5,x,1.25,COMPLETE\n1e-3,"y,z",,failed\n'.repeat(20)}`)],
      [
        'd.json',
        Buffer.from(JSON.stringify({ trials: Array(20).fill({ params: { a: 1, b: 'x' }, value: 2 }) })),
      ],
      ['d.jsonl', Buffer.from('{"params":{"a":1,"b":"é"},"value":2}\n'.repeat(20))],
    ] as const;
    let refused = 0;
    for (let i = 0; i < 500; i++) {
      const [name, bytes] = files[i % files.length]!;
      const copy = damaged(bytes, Math.floor(i / files.length), rng);
      write(name, copy);
      try {
        const sources = await read(name);
        for (const { trials } of sources)
          for (const trial of trials) if ('value' in trial) expect(Number.isFinite(trial.value)).toBe(true);
      } catch (error) {
        if (!(error instanceof OptimizationError)) throw new Error(`copy ${i} of ${name}`, { cause: error });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(200);
  }, 60_000);
});

/** JSON with the numbers that it lacks as Python writes them. */
function withNumbers(entry: unknown): string {
  const mark = '@number ';
  return JSON.stringify(entry, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? `${mark}${value}` : value,
  ).replaceAll(/"@number ([^"]+)"/g, '$1');
}

const lineDamages = ['null', '{}', '[]', '5', '"x"', '{"op_code":4}', '', '\0\0\0', '{"params":null}', 'a,b'];

/** One damage: a changed byte, a lost or repeated part, or a line of something else. */
function damaged(bytes: Buffer, kind: number, rng: { next(): number }): Buffer {
  const below = (count: number) => Math.floor(rng.next() * count);
  const at = below(bytes.length);
  const end = Math.min(bytes.length, at + 1 + below(100));
  switch (kind % 5) {
    case 0: {
      const copy = Buffer.from(bytes);
      copy[at] = below(256);
      return copy;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0, 0xff, 0xfe]), bytes.subarray(end)]);
    default: {
      const lines = bytes.toString('latin1').split('\n');
      lines[below(lines.length)] = lineDamages[below(lineDamages.length)]!;
      return Buffer.from(lines.join('\n'), 'latin1');
    }
  }
}
