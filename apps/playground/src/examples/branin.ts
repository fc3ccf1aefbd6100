import { type ParamsOf, searchSpace, uniform } from 'foothold';

// The function of Branin (1972): three equal minima of 0.3979.
export const space = searchSpace({ x: uniform(-5, 10), y: uniform(0, 15) });

export function objective({ x, y }: ParamsOf<typeof space>): number {
  const valley = y - (5.1 * x ** 2) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6;
  return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}
