import { expect, it } from 'vitest';
import { longFunctions, maxLines } from '../scripts/check-functions.ts';

const body = (lines: number) => Array.from({ length: lines - 2 }, (_, i) => `  f(${i});`).join('\n');
const idsOf = (text: string) =>
  longFunctions('packages/x/src/a.ts', text).map(({ id, lines }) => `${id}: ${lines}`);

it('finds functions of every form that are longer than a screen, by name', () => {
  const n = maxLines + 1;
  expect(idsOf(`export function long() {\n${body(n)}\n}`)).toEqual([`packages/x long: ${n}`]);
  expect(idsOf(`const arrow = () => {\n${body(n)}\n};`)).toEqual([`packages/x arrow: ${n}`]);
  expect(idsOf(`const o = {\nmethod() {\n${body(n)}\n} };`)).toEqual([`packages/x method: ${n}`]);
  expect(idsOf(`class A { get b() {\n${body(n)}\n} }`)).toEqual([`packages/x b: ${n}`]);
  expect(idsOf(`it('holds', () => {\n${body(n)}\n});`)).toEqual([`packages/x it(…): ${n}`]);
  expect(idsOf(`const s = (function* () {\n${body(n)}\n})();`)).toEqual([`packages/x s: ${n}`]);
});

it('passes over functions that fit, types, and lists of tests', () => {
  expect(idsOf(`export function short() {\n${body(maxLines)}\n}`)).toEqual([]);
  expect(idsOf(`interface A {\n${'\n'.repeat(100)}m(): void }`)).toEqual([]);
  expect(idsOf(`describe('a', () => {\n${body(100)}\n});`)).toEqual([]);
  expect(idsOf(`describe.each([1])('a', () => {\n${body(100)}\n});`)).toEqual([]);
  expect(idsOf(`export function describeSampler() {\n${body(100)}\n  it('holds', () => {});\n}`)).toEqual([]);
});
