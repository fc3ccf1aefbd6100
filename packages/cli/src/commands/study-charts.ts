import {
  type ConvergenceOptions,
  convergence,
  type ReportChart,
  type SlicesOptions,
  slices,
} from '@foothold/viz';

/** Pixels of a chart without its axes on a phone. */
const phone = { width: 230, height: 220 };

/** How the studies converged, at the widths of a page and of a phone. */
export function convergenceChart(options: ConvergenceOptions): ReportChart {
  return { spec: convergence(options), narrow: convergence({ ...options, ...phone }) };
}

/** The value against each parameter, at the widths of a page and of a phone. */
export function slicesChart(options: SlicesOptions): ReportChart {
  const narrow = { ...options, columns: 1, width: phone.width + 40, height: 130 };
  return { spec: slices(options), narrow: slices(narrow) };
}
