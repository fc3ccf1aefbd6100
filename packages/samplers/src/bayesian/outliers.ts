/** What `why` says of the outliers on the way to a model. */
import type { Params, Why } from '@foothold/core';
import { type OutlierRequest, outlierText } from './outlier-text.ts';

/**
 * `why.outliers`: for each figure with outliers how many trials, beyond which value, in the figure's own units. The code for figures beside
 * one value is loaded where there are some.
 */
export async function outliersWhy<P extends Params>(request: OutlierRequest<P>): Promise<Why> {
  const { direction, objectives = [], constraints = [], cost } = request;
  const lines =
    objectives.length > 1 || constraints.length > 0 || cost !== undefined
      ? (await import('./outliers-of-figures.ts')).outliersOfFigures(request)
      : outlierText(request, { metric: 'value', direction });
  return lines.length > 0 ? { outliers: lines } : {};
}
