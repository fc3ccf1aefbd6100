import { InvalidArgumentError } from '@foothold/core';
import type { ChartSpec } from './chart-spec.ts';
import { offlineVega } from './offline-vega.ts';

/**
 * The chart as a standalone SVG document, UTF-8, a few milliseconds after the first call (which loads Vega, about
 * half a second). Text of the chart cannot become markup. Nothing is read from files or the network: a
 * specification that asks for it is drawn without that data.
 * Throws InvalidArgumentError when the object is not a Vega-Lite specification.
 */
export async function toSvg(spec: ChartSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  let runtime: ReturnType<typeof vega.parse>;
  try {
    const compiled = vegaLite.compile(spec as never, { logger: offlineVega.logger as never });
    runtime = vega.parse(compiled.spec);
  } catch (error) {
    throw new InvalidArgumentError('spec', spec, `a Vega-Lite 6 specification (${String(error)})`);
  }
  const view = new vega.View(runtime, {
    renderer: 'none',
    logger: offlineVega.logger as never,
    loader: offlineVega.loader as never,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
