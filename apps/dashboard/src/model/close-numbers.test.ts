import { expect, it } from 'vitest';
import { closeNumbers } from './close-numbers.ts';

it('writes close numbers with the digits that differ, others short', () => {
  const close = closeNumbers([0.949712, 0.949768], 0.00005);
  expect([close(0.949712), close(0.949768)]).toEqual(['0.949712', '0.949768']);
  expect(closeNumbers([12.3456, 15.1], 2.75)(12.3456)).toBe('12.35');
  expect(closeNumbers([-3, -3], 0)(-3)).toBe('−3');
  expect(closeNumbers([-1000.25, -1000.24], 0.01)(-1000.25)).toBe('−1000.25');
});
