import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { figureOf, type Json, objectivesOf, type Params, seeded, type Trial } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import {
  bestTrial,
  memoryStorage,
  paretoFront,
  replay,
  type StudyData,
  studyDataOf,
  writeStudy,
} from '@foothold/study';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { cellOf, textCellOf, textOfCell, valueOfCell } from './csv-cell.ts';
import { exportStudy, exportTarget, exportTrials } from './export-study.ts';
import { importStudy } from './import-study.ts';
import { describeWithOptuna, runScript, seenStudies } from './optuna-python.fixture.ts';
import { readSources } from './read-sources.ts';
import { readStudy } from './read-study.ts';
import { expectSame } from './same-study.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const space = {
  plain: { type: 'real', low: -1, high: 1 },
  log: { type: 'real', low: 1e-5, high: 0.1, log: true },
  stepped: { type: 'real', low: 0, high: 1, step: 0.3 },
  whole: { type: 'int', low: 1, high: 10, step: 4 },
  logwhole: { type: 'int', low: 1, high: 64, log: true },
  mixed: { type: 'categorical', choices: ['a', null, true, 3, 0.5, '=1+1', 'null', ' ü,"'], default: null },
  size: { type: 'ordinal', choices: [16, 32, 64] },
  depth: { type: 'int', low: 1, high: 4, when: { mixed: ['a', true] } },
} as const;

/** A study with every state, attributes of every kind, times to the microsecond. */
function everything(more: Partial<StudyData> = {}): StudyData {
  const domain = spaceOf(space);
  const rng = seeded('export');
  const goal = more.goal ?? { direction: 'maximize' as const };
  const trials = Array.from({ length: 40 }, (_, number): Trial => {
    const point = Float64Array.from(domain.columns, () => rng.next());
    const startedAt = 1_760_000_000_000 + number * 61_000 + (number % 1000) / 1000;
    const about = {
      number,
      params: domain.decode(point) as Params,
      reports: Array.from({ length: number % 5 }, (_, step) => ({ step: step * 2, value: rng.next() })),
      startedAt,
      ...(number % 3 === 0 && {
        attributes: { seed: number, host: 'nöde "1"', list: [1, { a: null }], text: '=2' },
      }),
      ...(number % 7 === 0 && { note: '- looks odd\nsee "log"' }),
    };
    const finishedAt = startedAt + 1500.25;
    if (number % 10 === 9)
      return { ...about, finishedAt, state: 'failed', reason: '=cmd|x, "out of memory"' };
    if (number % 10 === 8) return { ...about, finishedAt, state: 'pruned' };
    if (number === 37) return { ...about, reports: [], state: 'running' };
    return {
      ...about,
      finishedAt,
      state: 'complete',
      value: rng.next() - 0.5,
      ...(number % 2 === 0 && { standardError: 0.01 }),
      metrics: { seconds: 1 + number, loss: rng.next() },
    };
  });
  return {
    space,
    goal,
    seed: 7,
    facts: { run: 'python train.py --lr {lr}', metric: 'acc' },
    attributes: { constructor: 'Lotus', dataset: 'münchen', rows: [1, 2] },
    note: 'best so far',
    trials,
    queue: [{ plain: 0.25 }, { ...trials[0]!.params }],
    ...more,
  };
}

async function stored(study: StudyData, name = 'mine') {
  const storage = memoryStorage();
  await writeStudy(storage, name, study);
  return { storage, name };
}

const dataIn = async ({ storage, name }: Awaited<ReturnType<typeof stored>>) =>
  studyDataOf(replay(await storage.read(name, 0)))!;

const goals = {
  'one objective': { direction: 'maximize' },
  'several objectives': {
    direction: 'minimize',
    objectives: [
      { metric: 'loss', direction: 'minimize' },
      { metric: 'value', direction: 'maximize' },
    ],
  },
  limits: {
    direction: 'maximize',
    constraints: [
      { metric: 'seconds', atMost: 20 },
      { metric: 'loss', atLeast: 0.125 },
    ],
  },
} as const satisfies Readonly<Record<string, StudyData['goal']>>;

describe('a study that is written as it is', () => {
  it('has the same state', async () => {
    const study = everything();
    expect(await dataIn(await stored(study))).toEqual(study);
  });
});

describe('an exported study', () => {
  const cases = Object.entries(goals).flatMap(([name, goal]) =>
    ['optuna:x.db', 'optuna+journal:x.log', 'json:x.json'].map((target) => [target, name, goal] as const),
  );
  it.each(cases)('to %s with %s is the same study when it is imported', async (target, name, goal) => {
    const study = everything({ goal });
    const from = await stored(study);
    const { format, file } = exportTarget(target);
    const place = join(folder, `${name}-${file}`);
    await exportStudy(from, { format, file: place });
    const storage = memoryStorage();
    const imported = await importStudy(place, { storage });
    expect(imported).toMatchObject({ name: 'mine', trials: 40, queue: 2 });
    expect(await dataIn({ storage, name: 'mine' })).toEqual(study);
  });

  it.each([3, 4] as const)('for Optuna %i has its times, too', async (optunaVersion) => {
    const from = await stored(everything());
    for (const format of ['optuna', 'optuna+journal'] as const) {
      const file = join(folder, `v${optunaVersion}.${format === 'optuna' ? 'db' : 'log'}`);
      await exportStudy(from, { format, file }, { optunaVersion });
      expect((await readStudy(file)).study).toEqual(await dataIn(from));
    }
  });

  it('to a table has every trial, and is imported with its space', async () => {
    const study = everything();
    const place = join(folder, 'table.csv');
    const { notes } = await exportStudy(await stored(study), { format: 'csv', file: place });
    expect(notes).toEqual([
      'intermediate values are not in a table: the JSON form has them',
      '2 enqueued trials are not in a table: the JSON form has them',
    ]);
    const { study: read } = await readStudy(place, { space, direction: 'maximize' });
    expect(read.trials).toEqual(study.trials.map((trial) => ({ ...trial, reports: [] })));
  });

  it.each(['csv', 'json'] as const)('as %s is a source with the values of its trials', async (format) => {
    const study = everything();
    const place = join(folder, `source.${format}`);
    await exportStudy(await stored(study), { format, file: place });
    const [source] = await readSources(place, { parameters: Object.keys(space) });
    const values = (trials: readonly object[]) =>
      trials.flatMap((trial) => ('value' in trial ? [(trial as { value: number }).value] : []));
    expect(values(source!.trials)).toEqual(values(study.trials));
    expect(source!.trials.map(({ params }) => params)).toEqual(study.trials.map(({ params }) => params));
  });

  it('has the tables and indexes that Optuna makes', async () => {
    const place = join(folder, 'schema.db');
    await exportStudy(await stored(everything()), { format: 'optuna', file: place });
    const theirs = join(folder, 'theirs.db');
    const fixture = fileURLToPath(new URL('./fixtures/optuna-5.0.0.db.gz', import.meta.url));
    writeFileSync(theirs, gunzipSync(readFileSync(fixture)));
    const schemaOf = (path: string) => {
      const database = new DatabaseSync(path, { readOnly: true });
      const plain = (sql: unknown) =>
        String(sql)
          .replaceAll(/\s+/g, ' ')
          .replaceAll(/\( | \)/g, (m) => m.trim());
      const rows = database
        .prepare("SELECT name, sql FROM sqlite_master WHERE sql <> '' ORDER BY name")
        .all();
      const versions = database.prepare('SELECT * FROM version_info, alembic_version').all();
      database.close();
      return { rows: rows.map(({ name, sql }) => `${name}: ${plain(sql)}`), versions };
    };
    expect(schemaOf(place)).toEqual(schemaOf(theirs));
  });

  it('does not replace a database, and leaves nothing half-written', async () => {
    const from = await stored(everything());
    const place = join(folder, 'there.db');
    writeFileSync(place, 'mine');
    await expect(exportStudy(from, { format: 'optuna', file: place })).rejects.toThrow('is there already');
    expect(readFileSync(place, 'utf8')).toBe('mine');
    const odd = everything();
    const trials = [{ ...odd.trials[0]!, params: { ...odd.trials[0]!.params, size: 17 } }];
    const file = join(folder, 'odd.db');
    const exporting = exportStudy(await stored({ ...odd, trials }), { format: 'optuna', file });
    await expect(exporting).rejects.toThrow('size of trial 0 is 17, allowed is one of [16,32,64]');
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
    await expect(exportStudy(from, { format: 'csv', file: join(folder, 'no/x.csv') })).rejects.toThrow(
      'could not be written',
    );
  });

  it('goes where the target says', () => {
    expect(exportTarget('optuna:a.txt')).toEqual({ format: 'optuna', file: 'a.txt' });
    expect(exportTarget('dir/a.sqlite3')).toEqual({ format: 'optuna', file: 'dir/a.sqlite3' });
    expect(exportTarget('optuna+journal:a.db').format).toBe('optuna+journal');
    expect(exportTarget('A.CSV').format).toBe('csv');
    expect(() => exportTarget('a.parquet')).toThrow('optuna+journal:FILE');
  });

  it('in another version of the JSON form is refused', async () => {
    const place = join(folder, 'newer.json');
    const text = exportTrials('x', everything(), 'json');
    writeFileSync(place, text.replace('"version": 1', '"version": 2'));
    await expect(readStudy(place)).rejects.toThrow('version 2 of its form, known is 1');
    writeFileSync(place, text.replace('"seed": 7', '"seed": "7"'));
    await expect(readStudy(place)).rejects.toThrow(/seed in .* is "7"/);
  });
});

describe('a cell of a table', () => {
  it('gives back any value, and no spreadsheet takes a text for a formula', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '=1+1',
        '-x',
        '@a',
        '+1',
        'TRUE',
        'null',
        '1e5',
        ' 1',
        '"a"',
        '[1]',
        '',
        'nan',
        '\ttab',
        '＝1',
      ),
    );
    fc.assert(
      fc.property(fc.oneof(text, fc.jsonValue() as fc.Arbitrary<Json>), (value) => {
        const cell = cellOf(value as Json);
        if (typeof value === 'string') expect(cell).not.toMatch(/^\s*[=+@＝＋－＠-]/);
        expect(valueOfCell(cell)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 5, numRuns: 2000 },
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(textOfCell(textCellOf(value))).toBe(value);
      }),
      { seed: 6, numRuns: 1000 },
    );
  });
});

describeWithOptuna('an exported study', (python) => {
  const optunaVersion = Number.parseInt(python.version, 10) as 3 | 4 | 5;
  it.each(Object.entries(goals))(
    'with %s is the same in Optuna, which goes on with it',
    { timeout: 240_000 },
    async (name, goal) => {
      const study = everything({ goal });
      const from = await stored(study);
      for (const format of ['optuna', 'optuna+journal'] as const) {
        const file = join(folder, `${name}-${python.version}.${format === 'optuna' ? 'db' : 'log'}`);
        await exportStudy(from, { format, file }, { optunaVersion });
        if (format === 'optuna') runScript(python, 'read-optuna.py', file, 'upgrade');
        const [seen] = seenStudies(runScript(python, 'read-optuna.py', file));
        expectSame(study, seen!, 'utc');
        expect(seen!.trials[37]).toMatchObject({ state: 'WAITING', fixed: study.trials[37]!.params });
        expect(seen!.trials.slice(40).map(({ fixed }) => fixed)).toEqual(study.queue);
        const pruned = seen!.trials[18]!;
        expect(pruned.values).toEqual(
          'objectives' in goal ? null : [study.trials[18]!.reports.at(-1)!.value],
        );
        if ('objectives' in goal)
          expect(seen!.best).toEqual(paretoFront(study.trials, goal).map(({ number }) => number));
        // Optuna 3 does not look at constraints when it names the best trial.
        else if (!('constraints' in goal) || optunaVersion > 3)
          expect(seen!.best).toBe(bestTrial(study.trials, goal)!.number);
        expect(seen!.trials[0]!.distributions).toMatchObject({
          stepped: { attributes: { low: 0, high: 0.9, step: 0.3 } },
          whole: { attributes: { low: 1, high: 9, step: 4 } },
          mixed: { attributes: { choices: space.mixed.choices } },
        });
        const [longer] = seenStudies(runScript(python, 'read-optuna.py', file, 'continue'));
        const { study: back } = await readStudy(file);
        expect(longer!.trials.length).toBe(43);
        expect(back.trials.filter(({ state }) => state === 'complete').length).toBe(
          study.trials.filter(({ state }) => state === 'complete').length + 2,
        );
        const complete = study.trials.find(({ state }) => state === 'complete')!;
        expect(back.trials[complete.number]).toEqual(complete);
        expect(objectivesOf(back.goal).map(({ metric }) => figureOf(complete as never, metric))).toEqual(
          objectivesOf(goal).map(({ metric }) => figureOf(complete as never, metric)),
        );
      }
    },
  );
});
