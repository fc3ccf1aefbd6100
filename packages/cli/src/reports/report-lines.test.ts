import type { Report } from '@foothold/core';
import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { reportLines } from './report-lines.ts';

const reportsIn = (pieces: readonly string[], metric?: string): readonly Report[] => {
  const found: Report[] = [];
  const lines = reportLines((report) => found.push(report), metric);
  for (const piece of pieces) lines.add(piece);
  lines.end();
  return found;
};

describe('reportLines', () => {
  it('finds reports among other output, however it is cut', () => {
    const text = [
      'epoch 1/3: loss 0.9',
      '{"step":1,"value":0.9}',
      '\u001b[2K 33%|███ | \r\u001b[32m {"value": 0.5, "step": 2, "lr": 1e-3} \u001b[0m',
      '{"step": 3, "value": "0.4"} {"step":-1,"value":1}',
      '{"step":1.5,"value":1}',
      '{"step":4,"value":NaN}',
      '[{"step":5,"value":1}]',
      '{"step":6,"value":1e999}',
      `{"step":7,"value":1,"note":"${'x'.repeat(70_000)}"}`,
      '{"value":0.3}',
      '{"step":8,"value":-2e-3}',
    ].join('\n');
    const expected = [
      { step: 1, value: 0.9 },
      { step: 2, value: 0.5 },
      { step: 8, value: -0.002 },
    ];
    expect(reportsIn([text])).toEqual(expected);
    expect(reportsIn([...text])).toEqual(expected);
    const rng = seeded(1);
    for (let k = 0; k < 50; k++) {
      const cut = Math.floor(rng.next() * text.length);
      expect(reportsIn([text.slice(0, cut), text.slice(cut)])).toEqual(expected);
    }
  });
  it('reads the figure that is called the value', () => {
    const line = '{"step":1,"loss":0.4,"value":9}';
    expect(reportsIn([line], 'loss')).toEqual([{ step: 1, value: 0.4 }]);
    expect(reportsIn([line])).toEqual([{ step: 1, value: 9 }]);
    expect(reportsIn(['{"step":1,"loss":0.4}'])).toEqual([]);
    expect(reportsIn(['{"step":1,"value":0.4}'], 'loss')).toEqual([{ step: 1, value: 0.4 }]);
  });
});
