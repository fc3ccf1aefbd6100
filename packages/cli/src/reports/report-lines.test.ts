import type { Report } from '@foothold/core';
import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { type ReportedNames, reportLines } from './report-lines.ts';

const reportsIn = (pieces: readonly string[], names?: ReportedNames): readonly Report[] => {
  const found: Report[] = [];
  const lines = reportLines((report) => found.push(report), names);
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
      { step: 2, value: 0.5, metrics: { lr: 1e-3 } },
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
    const line = '{"step":1,"loss":0.4,"value":9,"toString":1}';
    const loss = { metric: 'loss' };
    expect(reportsIn([line], loss)).toEqual([{ step: 1, value: 0.4, metrics: { value: 9 } }]);
    expect(reportsIn([line])).toEqual([{ step: 1, value: 9, metrics: { loss: 0.4 } }]);
    expect(reportsIn(['{"step":1,"loss":0.4}'])).toEqual([]);
    expect(reportsIn(['{"step":1,"value":0.4}'], loss)).toEqual([{ step: 1, value: 0.4 }]);
    // What is called so and is no finite number is not replaced by another figure.
    expect(
      reportsIn(['{"step":1,"loss":"nan","value":9}', '{"step":2,"loss":null,"value":9}'], loss),
    ).toEqual([]);
  });
  it('reads objects in the object, by the end of a name where only one name ends so', () => {
    const names = { metric: 'loss', metrics: ['size'] };
    const expected = [{ step: 3, value: 0.4, metrics: { size: 3 } }];
    for (const line of [
      '{"step":3,"values":{"loss":0.4,"size":3}}',
      '{"step":3,"loss":0.4,"metrics":{"size":3}}',
      '{"step":3,"value":0.4,"size":3,"grad":[1,2],"at":"noon","deep":{"list":[{"size":1}]}}',
    ])
      expect(reportsIn([line], names)).toEqual(expected);
    const two = '{"step":3,"train":{"loss":0.1},"valid":{"loss":0.4}}';
    expect(reportsIn([two], names)).toEqual([]);
    expect(reportsIn([two], { metric: 'valid.loss' })).toEqual([
      { step: 3, value: 0.4, metrics: { 'train.loss': 0.1 } },
    ]);
  });
});
