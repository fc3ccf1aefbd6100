import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { OptimizationError } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { bestTrial, memoryStorage, paretoFront, replay, studyDataOf } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { importStudy } from './import-study.ts';
import { describeWithOptuna, runScript, seenStudies } from './optuna-python.fixture.ts';
import { readStudy } from './read-study.ts';
import { expectSame } from './same-study.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const database = (version: string) => file(`${version}.db`, gunzipSync(fixture(`optuna-${version}.db.gz`)));

describe('a study of Optuna', () => {
  it.each([
    ['3.6.2', 'local'],
    ['5.0.0', 'utc'],
  ] as const)('of version %s is imported as that Optuna reads it', async (version, zone) => {
    const path = database(version);
    const seen = seenStudies(fixture(`optuna-${version}.read.json`).toString());
    expect(seen.map(({ name }) => name)).toEqual(['first', 'second #2', 'both']);
    for (const one of seen) {
      const { study } = await readStudy(path, { study: one.name });
      expectSame(study, one, zone);
    }
  });

  it.each(['2.10.1', '3.6.2', '4.2.1', '5.0.0'])(
    'of version %s has its space, states and queue',
    async (version) => {
      const storage = memoryStorage();
      const path = database(version);
      const first = await importStudy(path, { storage, study: 'first' });
      expect(first).toMatchObject({ name: 'first', trials: 9, queue: 0 });
      const { created, trials } = replay(await storage.read('first', 0));
      expect(created!.space).toEqual({
        uniform: { type: 'real', low: -1, high: 1 },
        loguniform: { type: 'real', low: 1e-5, high: 1e-1, log: true },
        discrete: { type: 'real', low: 0, high: 1, step: 0.25 },
        whole: { type: 'int', low: 1, high: 9, step: 2 },
        logwhole: { type: 'int', low: 1, high: 64, log: true },
        choice: { type: 'categorical', choices: ['a', 'b', null, true, 3, 0.5] },
      });
      expect(created!.goal).toEqual({ direction: 'maximize' });
      expect(trials.map(({ state }) => state)).toEqual([
        'complete',
        'complete',
        'failed',
        'pruned',
        'failed',
        'failed',
        'complete',
        'complete',
        'running',
      ]);
      expect(trials[3]).toMatchObject({ reports: [{ step: 1, value: 1.5 }], attributes: { note: 'néw ✓' } });
      expect(first.notes).toEqual([
        'values that are not finite count as failures (2 of 9)',
        'trials that run or wait have no worker here: the next asks give them out (1 of 9)',
      ]);
      const second = await importStudy(path, { storage, study: 'second #2' });
      expect(second).toMatchObject({ name: 'second-2', queue: 1 });
      expect(second.notes[0]).toBe('study "second #2" is called second-2 here');
    },
  );

  it('has a trial that stopped before all its parameters with the middle of their ranges, and says so', async () => {
    const lines = [
      { op_code: 0, study_name: 's', directions: [1] },
      trialLine({ x: 0.5, y: 0.25 }, 1, 7),
      trialLine({ x: 0.75 }, 3),
    ];
    const { study, notes } = await readStudy(journal('half.log', lines));
    expect(study.trials[1]).toMatchObject({
      state: 'failed',
      params: { x: 0.75, y: 0.5 },
      attributes: { stand_ins: ['y'] },
    });
    expect(notes).toEqual(['y: trials that ended before they had it have the middle of its range (1 of 2)']);
  });

  it('whose complete trials lack a parameter that nothing decides is refused, until its value is given', async () => {
    const lines = [
      { op_code: 0, study_name: 's', directions: [1] },
      trialLine({ x: 0.5 }, 1, 7),
      trialLine({ x: 0.75, y: 0.25 }, 1, 8),
    ];
    const path = journal('added.log', lines);
    await expect(readStudy(path)).rejects.toThrow(`trial 0 is complete and has no y`);
    const { study } = await readStudy(path, { fill: { y: 0.125 } });
    expect(study.trials.map(({ params }) => params['y'])).toEqual([0.125, 0.25]);
  });

  it('has the widest range of those that its trials had', async () => {
    const float = (low: number, high: number, more = {}) =>
      JSON.stringify({
        name: 'FloatDistribution',
        attributes: { low, high, log: false, step: null, ...more },
      });
    const lines = [
      { op_code: 0, study_name: 's', directions: [1] },
      trialLine({ x: 0.5 }, 1, 7, { x: float(0, 1) }),
      trialLine({ x: 3 }, 1, 8, { x: float(0, 2) }),
      trialLine({ x: -1 }, 1, 8, { x: float(-1, 0) }),
    ];
    const { study, notes } = await readStudy(journal('wide.log', lines));
    expect(study.space).toEqual({ x: { type: 'real', low: -1, high: 3 } });
    expect(notes.join('\n')).toMatch(/x has 3 distributions.*\n.*outside of -1 to 2/);
    const stepped = [0, 1, 2].map((k) =>
      trialLine({ x: k / 2 }, 1, k, { x: float(0, k / 2 + 1, { step: 0.5 }) }),
    );
    const { study: same } = await readStudy(journal('steps.log', [lines[0]!, ...stepped]));
    expect(same.space).toEqual({ x: { type: 'real', low: 0, high: 2, step: 0.5 } });
  });

  it('has conditions where the values of a parameter decide which trials have another', async () => {
    const lines = [
      { op_code: 0, study_name: 's', directions: [1] },
      ...[1, 2, 3, 1, 2, 3].map((n) =>
        trialLine({ n, ...(n >= 2 && { u1: 4 }), ...(n >= 3 && { u2: 5 }) }, 1, n, whole),
      ),
    ];
    const { study, notes } = await readStudy(journal('when.log', lines));
    expect(study.space!['u1']).toMatchObject({ when: { n: [2, 3, 4, 5, 6, 7, 8, 9] } });
    expect(study.space!['u2']).toMatchObject({ when: { n: [3, 4, 5, 6, 7, 8, 9] } });
    expect(notes[0]).toContain('u1 is active only while n is 2 or 3');
    for (const { params } of study.trials) spaceOf(study.space).encode(params);
  });

  it('keeps its constraints: the best trial is the best of those that keep them', async () => {
    const lines = [
      { op_code: 0, study_name: 's', directions: [1] },
      { ...trialLine({ x: 0.5 }, 1, 1), system_attrs: { constraints: [0.5] } },
      { ...trialLine({ x: 0.75 }, 1, 2), system_attrs: { constraints: [-0.5] } },
    ];
    const { study } = await readStudy(journal('limits.log', lines));
    expect(study.goal.constraints).toEqual([{ metric: 'constraint_0', atMost: 0 }]);
    expect(bestTrial(study.trials, study.goal)?.number).toBe(1);
  });

  it('is refused where it is of a schema or a distribution that is not known, and nothing is written', async () => {
    const storage = memoryStorage();
    const path = database('5.0.0');
    const open = new DatabaseSync(path);
    open.exec("UPDATE version_info SET schema_version = 13, library_version = '6.1.0'");
    open.close();
    await expect(importStudy(path, { storage, study: 'first' })).rejects.toThrow(
      /schema is version 13, revision v3\.2\.0\.a, of Optuna 6\.1\.0; known is version 12/,
    );
    const laplace = JSON.stringify({ name: 'LaplaceDistribution', attributes: { low: 0 } });
    const lines = [
      { op_code: 0, study_name: 's', directions: [1] },
      trialLine({ x: 0.5 }, 1, 1, { x: laplace }),
    ];
    await expect(importStudy(journal('laplace.log', lines), { storage })).rejects.toThrow(
      'x has the distribution LaplaceDistribution, and known are FloatDistribution',
    );
    await expect(importStudy(database('4.2.1'), { storage })).rejects.toThrow(
      'holds 3 studies, "first", "second #2", "both": --study says which',
    );
    expect(await storage.studies()).toEqual([]);
  });

  it('under a name that is taken is refused, and the study of that name stays', async () => {
    const storage = memoryStorage();
    const path = database('5.0.0');
    await importStudy(path, { storage, study: 'first', name: 'mine' });
    const before = await storage.read('mine', 0);
    const again = importStudy(path, { storage, study: 'both', name: 'mine' });
    await expect(again).rejects.toThrow('there is a study mine already');
    expect(await storage.read('mine', 0)).toEqual(before);
  });

  it('cut anywhere is imported whole or refused with an error of ours', async () => {
    const text = gunzipSync(fixture('optuna-5.0.0.log.gz')).toString();
    let refused = 0;
    for (let i = 1; i <= 60; i++) {
      const storage = memoryStorage();
      const path = file('cut.log', text.slice(0, Math.floor((text.length * i) / 61)));
      try {
        const { trials } = await importStudy(path, { storage, study: 'first', name: 'cut' });
        expect(replay(await storage.read('cut', 0)).trials.length).toBe(trials);
      } catch (error) {
        if (!(error instanceof OptimizationError)) throw error;
        expect(await storage.studies()).toEqual([]);
        refused++;
      }
    }
    expect(refused).toBeLessThan(30);
  });
});

const whole = Object.fromEntries(
  ['n', 'u1', 'u2'].map((name) => [
    name,
    JSON.stringify({ name: 'IntDistribution', attributes: { low: 1, high: 9, log: false, step: 1 } }),
  ]),
);

/** A trial in one operation; by default its parameters are real numbers from 0 to 1. */
function trialLine(
  params: Readonly<Record<string, number>>,
  ...[state, value, distributions = {}]: [number, number?, Readonly<Record<string, string>>?]
) {
  const unit =
    '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}';
  return {
    op_code: 4,
    study_id: 0,
    datetime_start: '2026-01-01T00:00:00.000000+00:00',
    state,
    value,
    params,
    distributions: Object.fromEntries(Object.keys(params).map((name) => [name, distributions[name] ?? unit])),
  };
}

function journal(name: string, lines: readonly object[]): string {
  return file(name, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('a long import', () => {
  const lines = [{ op_code: 0, study_name: 'long', directions: [1] }] as object[];
  for (let i = 0; i < 3000; i++) lines.push(trialLine({ x: i / 3000 }, 1, i));
  const path = journal('long.log', lines);

  it('says how far it is, and is the same study as one that is read at once', async () => {
    const storage = memoryStorage();
    const heard: [string, number][] = [];
    await importStudy(path, { storage, onProgress: (doing, part) => heard.push([doing, part]) });
    const parts = (word: string) => heard.flatMap(([doing, part]) => (doing === word ? [part] : []));
    for (const word of ['read', 'write']) {
      expect(parts(word).length).toBeGreaterThan(2);
      expect(parts(word)).toEqual([...parts(word)].sort((a, b) => a - b));
      expect(parts(word).every((part) => part >= 0 && part <= 1)).toBe(true);
    }
    expect(parts('read').at(-1)).toBe(1);
    expect(heard.findLastIndex(([word]) => word === 'read')).toBeLessThan(
      heard.findIndex(([word]) => word === 'write'),
    );
    const { study } = await readStudy(path);
    expect(study.trials.length).toBe(3000);
    expect(studyDataOf(replay(await storage.read('long', 0)))).toEqual(study);
  });

  it.each(['read', 'write'])('leaves nothing where it is stopped while it is to %s', async (word) => {
    const storage = memoryStorage();
    const stop = new AbortController();
    const onProgress = (doing: string, part: number) => {
      if (doing === word && part > 0.5) stop.abort(new Error('stopped'));
    };
    await expect(importStudy(path, { storage, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    expect(await storage.studies()).toEqual([]);
  });
});

describeWithOptuna('a study with everything', (python) => {
  it.each(['db', 'log'])('is imported from a %s as Optuna reads it', { timeout: 120_000 }, async (ending) => {
    const path = join(folder, `${python.version}-made.${ending}`);
    runScript(python, 'make-optuna-study.py', path);
    const seen = seenStudies(runScript(python, 'read-optuna.py', path));
    for (const one of seen) {
      const { study, notes } = await readStudy(path, { study: one.name });
      expectSame(study, one, 'utc');
      if (one.name !== 'one') {
        expect(paretoFront(study.trials, study.goal).map(({ number }) => number)).toEqual(one.best);
        expect(study.goal.objectives!.map(({ metric }) => metric)).toEqual(['loss', 'speed']);
        continue;
      }
      expect(study.space).toMatchObject({
        plain: { type: 'real', low: -1, high: 2 },
        depth: { when: { kind: ['tree'] } },
        layers: { when: { kind: ['net'] } },
        units2: { when: { layers: [3] } },
      });
      expect(notes.join('\n')).toContain('plain has 2 distributions');
      expect(study.queue).toEqual([{ plain: 0.75 }]);
    }
  });
});
