import { expect, it } from 'vitest';
import { literalTexts } from './literal-texts.ts';

it('changes what Vega would take for an operator, wherever it stands, and copies nothing else', () => {
  const values = [
    { s: 'one', x: Number.NaN, list: ['a', null, 1] },
    { s: 'two', x: 2, list: [] },
  ];
  const named = { s: 'toString', valueOf: 1, list: ['b', 'constructor'] };
  const spec = { data: { values }, layer: [{ values: [...values, named] }], title: 'valueOf' };
  const before = structuredClone(spec);
  const literal = literalTexts(spec);
  expect(spec).toEqual(before);
  expect(literal.data).toBe(spec.data);
  const rows = literal.layer[0]!.values;
  expect([rows[0], rows[1]].map((row, i) => row === values[i])).toEqual([true, true]);
  expect(rows[2]).toEqual({ s: 'toString\u200b', valueOf: 1, list: ['b', 'constructor\u200b'] });
  expect(Object.keys(rows[2]!)).toEqual(Object.keys(named));
  expect(literal.title).toBe('valueOf\u200b');
  // A choice of this name is a member like any other.
  const proto = JSON.parse('{"__proto__": "toString"}') as object;
  expect(Object.entries(literalTexts(proto))).toEqual([['__proto__', 'toString\u200b']]);
  expect(literalTexts(values)).toBe(values);
});
