/** Edits of a study's space and limits in the two databases, each call by a connection of its own, as another process would have. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, type Params } from '@foothold/core';
import { type PostgresServer, startPostgres } from '@foothold/postgres-server';
import { tpe } from '@foothold/samplers';
import { categorical, integer, type ParameterSpace, searchSpace, spaceOf, uniform } from '@foothold/space';
import { createStudy, replay, replaySuggestions, studyRecord } from '@foothold/study';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { postgresStorage, type SqlStorage, sqliteStorage } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-edited-'));
let server: PostgresServer;
const opened: SqlStorage[] = [];
beforeAll(async () => {
  server = await startPostgres();
  process.env['PGPASSWORD'] = server.password;
});
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let opens = 0;
/** What opens one new place, each time by another connection. */
const kinds: Readonly<Record<string, () => () => SqlStorage>> = {
  sqliteStorage: () => {
    const place = join(folder, `${opens++}.db`);
    return () => sqliteStorage(place, { synchronous: 'normal' });
  },
  postgresStorage: () => {
    const place = `${server.address}?schema=e${opens++}`;
    return () => postgresStorage(place);
  },
};

const spaceIn = (shape: object) => searchSpace(shape as never) as unknown as ParameterSpace;
const [x, n, c] = [uniform(0, 1), integer(1, 9), categorical('a', 'b')];
const first = spaceIn({ x, n, c });
const edits: Readonly<Record<string, { readonly to: ParameterSpace; readonly values?: Params }>> = {
  widen: { to: spaceIn({ x: uniform(-1, 3), n, c: categorical('a', 'b', 'ç') }) },
  narrow: { to: spaceIn({ x: uniform(0.4, 0.6), n: integer(2, 5), c }) },
  add: { to: spaceIn({ x, n, c, rate: uniform(0, 1) }), values: { rate: 0.25 } },
  remove: { to: spaceIn({ x, c }) },
};
const lossOf = (params: Params) => (Number(params['x']) - 0.3) ** 2 + Number(params['n'] ?? 5) / 10;
const outcome = (params: Params) => ({
  ...{ state: 'complete' as const, value: lossOf(params) },
  metrics: { size: Number(params['n'] ?? 5) },
});

/** The studies, records and events of one place. */
function place(open: () => SqlStorage) {
  const connect = () => {
    const storage = open();
    opened.push(storage);
    return storage;
  };
  const study = (space = first, more: object = {}) =>
    createStudy<Params>({
      ...{ space, storage: connect(), sampler: tpe({ initialTrials: 4 }), direction: 'minimize' as const },
      ...{ name: 's', seed: 3, ...more },
    });
  return { study, record: () => studyRecord(connect(), 's'), events: () => connect().read('s', 0) };
}

async function told(study: ReturnType<ReturnType<typeof place>['study']>, count: number): Promise<void> {
  for (let k = 0; k < count; k++) {
    const { number, params } = await study.ask();
    await study.tell(number, outcome(params));
  }
}

describe.each(Object.entries(kinds))('a study of %s that is edited', (_, newPlace) => {
  it.each(Object.entries(edits))('keeps its trials, goes on inside and replays: %s', async (_name, edit) => {
    const { to, values } = edit;
    const { study, record, events } = place(newPlace());
    const old = study();
    await told(old, 6);
    const running = await old.ask();
    const before = replay(await events()).trials;
    expect(await record().edit({ space: to.description, values })).toMatchObject({ changed: true });
    expect(await record().edit({ space: to.description, values })).toMatchObject({ changed: false });
    await expect(old.ask()).rejects.toThrow(InvalidArgumentError);
    await old.tell(running.number, outcome(running.params));
    await told(study(to), 6);
    const state = replay(await events());
    expect(state.space).toEqual(to.description);
    expect(state.trials.slice(0, 6)).toEqual(before.slice(0, 6));
    expect(state.trials[6]).toMatchObject({ state: 'complete', params: running.params });
    for (const { params } of state.trials.slice(7)) expect(() => to.encode(params)).not.toThrow();
    expect(state.trials.length).toBe(13);
    let count = 0;
    const sampler = tpe({ initialTrials: 4 });
    for await (const { cause } of replaySuggestions({ events: await events(), space: spaceOf, sampler })) {
      expect(cause).toBeUndefined();
      count++;
    }
    expect(count).toBe(13);
  });

  it('gets other limits, which the best trial keeps, and loses them again', async () => {
    const { study, record } = place(newPlace());
    await told(study(), 8);
    const constraints = [{ metric: 'size', atLeast: 6 }];
    await record().edit({ goal: { direction: 'minimize', constraints } });
    await expect(study().trials()).rejects.toThrow(/constraints is .*edited/);
    const limited = study(first, { constraints, sampler: tpe({ initialTrials: 4 }) });
    await told(limited, 6);
    const keeping = (await limited.trials()).flatMap((trial) =>
      trial.state === 'complete' && trial.metrics!['size']! >= 6 ? [trial.value] : [],
    );
    expect((await limited.best())!.value).toBe(Math.min(...keeping));
    await record().edit({ goal: { direction: 'minimize' } });
    const whole = await study().best();
    expect(whole!.value).toBe(
      Math.min(...(await study().trials()).map((trial) => (trial.state === 'complete' ? trial.value : 1e9))),
    );
  });

  it('takes edits of several connections at once one after the other, and loses no trial told meanwhile', async () => {
    const { study, record, events } = place(newPlace());
    const old = study();
    await told(old, 4);
    const running = [await old.ask(), await old.ask(), await old.ask()];
    const { widen, narrow, add } = edits;
    await Promise.all([
      ...[widen!, narrow!, add!].map(({ to, values }) => record().edit({ space: to.description, values })),
      ...running.map(({ number, params }) => old.tell(number, outcome(params))),
    ]);
    const { edits: written, space, trials } = replay(await events());
    expect(written?.length).toBe(3);
    expect([widen, narrow, add].map((edit) => edit!.to.description)).toContainEqual(space);
    expect(trials.length).toBe(7);
    expect(trials.every(({ state }) => state === 'complete')).toBe(true);
    const again = study(spaceOf(space));
    await told(again, 2);
    expect((await again.trials()).length).toBe(9);
  });
});
