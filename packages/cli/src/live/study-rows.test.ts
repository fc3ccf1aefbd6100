import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { progressRow, studyRows } from './study-rows.ts';
import type { StudyView } from './study-view.ts';

const escapes = new RegExp(`${'\u001b'}\\[\\d+m`, 'g');
const visible = (row: string) => row.replaceAll(escapes, '');

const view: StudyView = {
  label: 'demo',
  share: 0.5,
  progress: '5/10',
  counts: { complete: 3, pruned: 1, failed: 1, running: 2 },
  seconds: 65,
  left: 61,
  best: { number: 2, params: { lr: 0.1, act: 'relu' }, reports: [], state: 'complete', value: 0.25 },
  front: undefined,
  bestValues: Float64Array.of(1, 0.5, 0.25),
  running: [
    { number: 5, params: { lr: 0.2 }, seconds: 12, reported: { step: 3, value: 0.5 }, worker: 'slot 0' },
    { number: 6, params: { lr: 0.3 }, seconds: undefined, reported: undefined, worker: 'host:123 (gone)' },
  ],
  last: { number: 4, params: {}, reports: [], state: 'failed', reason: 'exit code 1: boom' },
};

describe('the rows of a study', () => {
  it('say how far it is, what is best, what runs where, and draw the best so far where there is room', () => {
    const rows = studyRows(view, { columns: 100, rows: 24, color: false });
    expect(rows.slice(0, 2)).toEqual([
      'demo █████░░░░░ 5/10  1:05, 1:01 left  3 complete  1 pruned  1 failed  last failed: exit code 1: b…',
      'best 0.25 (trial 2)  lr=0.1 act=relu',
    ]);
    expect(rows.slice(2, 9).join('\n')).toMatch(/^ +1 ┤⠉[\s\S]*0\.25 ┤[\s\S]*└─+\n +1 +3$/);
    expect(rows.slice(9)).toEqual([
      'trial  time  last value     worker           parameters',
      '    5  0:12  0.5 at step 3  slot 0           lr=0.2',
      '    6     -  -              host:123 (gone)  lr=0.3',
    ]);
    expect(progressRow(view, { columns: 100, color: false })).toMatch(
      /^demo █{5}░{5} 5\/10 {2}1:05, 1:01 left {2}best 0\.25 \(trial 2\) {2}3 complete/,
    );
  });

  it('leave out what is not known yet', () => {
    const empty = { ...view, label: '', left: undefined, best: undefined, last: undefined, running: [] };
    const rows = studyRows(
      { ...empty, bestValues: Float64Array.of() },
      { columns: 80, rows: 24, color: false },
    );
    expect(rows).toEqual(['█████░░░░░ 5/10  1:05  3 complete  1 pruned  1 failed']);
  });

  it('are narrower than the terminal and fewer than its rows, whatever the names, the values and the size', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const params = fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean()), { maxKeys: 5 });
    const running = fc.array(
      fc.record({
        number: fc.nat(),
        params,
        seconds: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
        reported: fc.option(fc.record({ step: fc.nat(), value: fc.double() }), { nil: undefined }),
        worker: text,
      }),
      { maxLength: 40 },
    );
    const size = fc.record({
      columns: fc.integer({ min: 2, max: 200 }),
      rows: fc.integer({ min: 2, max: 60 }),
      color: fc.boolean(),
    });
    fc.assert(
      fc.property(text, params, running, size, (label, best, trials, { columns, rows, color }) => {
        const shown = { ...view, label, running: trials, best: { ...view.best!, params: best } };
        const all = studyRows(shown, { columns, rows, color });
        expect(all.length).toBeGreaterThan(0);
        expect(all.length).toBeLessThan(rows);
        for (const row of [...all, progressRow(shown, { columns, color })]) {
          expect(stringWidth(visible(row))).toBeLessThan(columns);
          expect(visible(row)).not.toMatch(/\p{Cc}/u);
          if (!color) expect(row).toBe(visible(row));
        }
      }),
    );
  });

  it('name how many running trials have no row', () => {
    const running = Array.from({ length: 30 }, (_, number) => ({ ...view.running[0]!, number }));
    const rows = studyRows({ ...view, running }, { columns: 80, rows: 10, color: false });
    expect(rows).toHaveLength(9);
    expect(rows.at(-1)).toBe('and 25 more');
  });
});
