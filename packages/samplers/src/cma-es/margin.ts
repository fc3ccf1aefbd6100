/**
 * The margin that keeps integers moving (Hamano, Saito, Nomura & Shirakawa 2022, "CMA-ES with Margin", §4).
 *
 * ℓ   edges between the cells of neighbouring levels, in the unit cube
 * α   least chance that a coordinate leaves its mean's cell, 1/(dλ)
 */
import { type Column, levelOf, lowerEdge } from '@foothold/core';
import { normalCdf, normalQuantile } from '@foothold/numerics';
import type { Distribution } from './distribution.ts';

/** The distribution with mean and marginFactor of its integer columns moved so that each leaves its cell with chance α at least. */
export function withMargin(of: Distribution, columns: readonly Column[]): Distribution {
  if (columns.every((column) => column.kind === 'continuous')) return of;
  const d = columns.length;
  const alpha = 1 / (d * of.population);
  const mean = Float64Array.from(of.mean);
  const marginFactor = Float64Array.from(of.marginFactor);
  columns.forEach((column, j) => {
    if (column.kind !== 'ordinal' || column.levels < 2) return;
    const level = levelOf(column, mean[j]!);
    const standardDeviation = of.sigma * marginFactor[j]! * Math.sqrt(of.c[j * d + j]!);
    const low = lowerEdge(column, level);
    const high = lowerEdge(column, level + 1);
    const isFirst = level === 0;
    const isLast = level === column.levels - 1;
    if (isFirst || isLast) {
      const edge = isFirst ? high : low;
      const reach = standardDeviation * normalQuantile(1 - alpha);
      // No farther from the only edge than lets it be passed with chance α.
      mean[j] = isFirst ? Math.max(mean[j]!, edge - reach) : Math.min(mean[j]!, edge + reach);
      return;
    }
    const below = normalCdf((low - mean[j]!) / standardDeviation);
    const above = normalCdf((mean[j]! - high) / standardDeviation);
    const least = alpha / 2;
    if (below >= least && above >= least) return;
    const raised = [Math.max(below, least), Math.max(above, least), 1 - below - above] as const;
    const excess = 1 - (raised[0] + raised[1] + raised[2]);
    const room = raised[0] + raised[1] + raised[2] - 3 * least;
    const lower = normalQuantile(raised[0] + (excess * (raised[0] - least)) / room);
    const upper = -normalQuantile(raised[1] + (excess * (raised[1] - least)) / room);
    // low = m + lower·s and high = m + upper·s.
    const s = (high - low) / (upper - lower);
    mean[j] = low - lower * s;
    marginFactor[j]! *= s / standardDeviation;
  });
  return { ...of, mean, marginFactor };
}
