import { InvalidArgumentError } from '@foothold/core';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { chart } from './theme.ts';

/** What a mark may look like. Vega-Lite shares the scales of these between panels unless it is told otherwise. */
const looks = [
  ...['color', 'fill', 'stroke', 'strokeDash', 'strokeWidth'],
  ...['opacity', 'fillOpacity', 'strokeOpacity', 'size', 'shape', 'angle'],
];

/**
 * Charts as one, from left to right, each with its own title, axes, colours, dashes and legends: as it is drawn by itself.
 * Throws InvalidArgumentError where there is none.
 */
export function sideBySide(
  charts: readonly ChartSpec[],
  options: Pick<ChartOptions, 'title' | 'subtitle'> = {},
): ChartSpec {
  if (charts.length === 0) throw new InvalidArgumentError('charts', charts, 'at least one chart');
  const panels = charts.map(
    ({ $schema: _schema, config: _config, description: _description, ...panel }) => panel,
  );
  const width = charts.reduce((sum, { width: own }) => sum + (typeof own === 'number' ? own : 300), 0);
  const scale = Object.fromEntries(looks.map((look) => [look, 'independent']));
  return chart(
    { hconcat: panels, spacing: 28, resolve: { scale } },
    { ...options, width, description: charts.map(({ description }) => description).join('; ') },
  );
}
