import type { StudyEvent } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { randomLog } from '../random-log.fixture.ts';
import { foldFormat, savedState, snapshotOf } from './fold-snapshot.ts';
import { logFold } from './replay.ts';
import type { LiveState } from './study-state.ts';

function folded(events: readonly StudyEvent[], fold = logFold()) {
  for (const event of events) fold.apply(event);
  return fold;
}

/** Everything that the fold knows, in the order of its lists. */
function seen(state: LiveState) {
  const { reportAt, watch: _, trial: __, leaseIndex, outputLines: ___, ...rest } = state;
  const { unleased, endless, overdue } = leaseIndex();
  const index = [unleased, endless, overdue(1e9)].map((of) => [...of].sort((a, b) => a - b));
  const reported = [...state.running].map((number) => [number, reportAt(number, 4), reportAt(number, 9)]);
  return { ...rest, index, leases: [...state.leases], running: [...state.running], reported };
}

describe('a snapshot of a fold', () => {
  it('made after any number of events and followed by the rest is the fold of all events', async () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 4; seed++) {
      const events = await randomLog(seed, 90);
      for (const { type } of events) kinds.add(type);
      const whole = seen(folded(events).state);
      for (let length = 0; length <= events.length; length++) {
        const before = folded(events.slice(0, length)).state;
        const snapshot = snapshotOf(before);
        expect(snapshot.length).toBe(length);
        const fold = logFold(savedState(snapshot)!);
        expect(seen(fold.state)).toEqual(seen(before));
        expect(seen(folded(events.slice(length), fold).state), `seed ${seed}, length ${length}`).toEqual(
          whole,
        );
      }
    }
    for (const kind of [
      'asked',
      'reported',
      'told',
      'expired',
      'reopened',
      'loaded',
      'enqueued',
      'described',
    ])
      expect(kinds).toContain(kind);
  });

  it('is not used where it is cut, of another format, or of another length', async () => {
    const { length, state } = snapshotOf(folded(await randomLog(1, 30)).state);
    expect(savedState({ length, state })).toBeDefined();
    expect(savedState({ length, state: state.slice(0, -1) })).toBeUndefined();
    expect(savedState({ length: length - 1, state })).toBeUndefined();
    for (const other of ['1', '0', 'null', '"2"'])
      expect(
        savedState({ length, state: state.replace(`"format":${foldFormat}`, `"format":${other}`) }),
      ).toBeUndefined();
    for (const other of ['', 'null', '[]', '{}', '{"format":1}'])
      expect(savedState({ length, state: other }), other).toBeUndefined();
  });

  it('has this text; when it changes, foldFormat is raised: older snapshots lack what the fold now makes', () => {
    const events: StudyEvent[] = [
      {
        type: 'created',
        space: { x: { type: 'int', low: 0, high: 5 } },
        goal: { direction: 'minimize' },
        seed: 1,
        format: 2,
      },
      { type: 'described', facts: { command: 'run' } },
      { type: 'enqueued', params: { x: 1 } },
      { type: 'enqueued', params: { x: 2 } },
      { type: 'dequeued', params: { x: 2 }, reason: 'outside' },
      { type: 'loaded', number: 0, params: { x: 0 }, outcome: { state: 'complete', value: 3 } },
      { type: 'asked', number: 1, params: { x: 3 }, lease: { owner: 'a', until: 5 }, why: { model: 'gp' } },
      { type: 'reported', number: 1, step: 2, value: 4 },
      { type: 'asked', number: 2, params: { x: 4 }, lease: { owner: 'b' }, samplerState: { step: 1 } },
      { type: 'told', number: 2, outcome: { state: 'failed', reason: 'no' } },
      { type: 'reopened', number: 2 },
      { type: 'asked', number: 3, params: { x: 5 }, lease: { owner: 'b' } },
      { type: 'told', number: 3, outcome: { state: 'pruned' }, at: 8 },
      { type: 'expired', number: 2, lost: true },
      { type: 'noted', number: 3, attributes: { seed: [1] }, note: 'short' },
      { type: 'noted', attributes: { team: 'a' }, note: 'of the study' },
      { type: 'configured', sampler: { name: 'random' }, program: 'test 1' },
      { type: 'claimed', owner: 'c' },
      { type: 'edited', space: { x: { type: 'int', low: 0, high: 9 } }, values: { x: 1 }, at: 9 },
      { type: 'asked', number: 4, params: { x: 6 }, lease: { owner: 'b' }, at: 9 },
    ];
    expect(snapshotOf(folded(events).state).state).toMatchInlineSnapshot(
      `"{"format":6,"fields":{"trials":{"value":[{"number":0,"params":{"x":0},"reports":[],"loaded":true,"state":"complete","value":3},{"number":1,"params":{"x":3},"why":{"model":"gp"},"state":"running","reports":[{"step":2,"value":4}]},{"number":2,"params":{"x":4},"reports":[],"samplerState":{"step":1},"state":"running"},{"number":3,"params":{"x":5},"reports":[],"state":"pruned","finishedAt":8,"attributes":{"seed":[1]},"note":"short"},{"number":4,"params":{"x":6},"reports":[],"startedAt":9,"state":"running"}]},"deleted":{"map":[]},"queue":{"value":[{"x":1}]},"leases":{"map":[[1,{"owner":"a","until":5}],[4,{"owner":"b"}]]},"claims":{"map":[[17,{"owner":"c","count":4}]]},"running":{"set":[1,2,4]},"endings":{"value":[0,2,3]},"lostLeases":{"map":[[2,1]]},"outputs":{"map":[]},"loaded":{"value":1},"length":{"value":20},"count":{"value":5},"deletions":{"value":0},"created":{"value":{"type":"created","space":{"x":{"type":"int","low":0,"high":5}},"goal":{"direction":"minimize"},"seed":1,"format":2}},"goal":{"value":{"direction":"minimize"}},"space":{"value":{"x":{"type":"int","low":0,"high":9}}},"facts":{"value":{"command":"run"}},"attributes":{"value":{"team":"a"}},"note":{"value":"of the study"},"configured":{"value":{"type":"configured","sampler":{"name":"random"},"program":"test 1"}},"edits":{"value":[{"event":18,"at":9,"trials":4,"space":true,"before":{"x":{"type":"int","low":0,"high":5}},"values":{"x":1}}]}}}"`,
    );
  });
});
