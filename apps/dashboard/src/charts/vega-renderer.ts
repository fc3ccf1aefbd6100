/** Vega with everything that it needs: loaded when the first chart is drawn. */
import { type ChartSpec, offlineVega } from '@foothold/viz';
import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import { nextTask } from '../next-task.ts';

/** A part of a picture that has a description. */
export interface Mark {
  readonly description: string;
}

export interface DrawOptions {
  /** Pixels that axes and legends take too; charts of several panels have widths of their own. */
  readonly width: number;
  /** Hears of the mark under the pointer, undefined for none. */
  hovered(mark: Mark | undefined, event: PointerEvent): void;
  clicked(mark: Mark): void;
}

export interface DrawnChart {
  readonly element: HTMLElement;
  remove(): void;
}

/**
 * Draws the chart on a canvas. Expressions are interpreted, not compiled, so that a policy without eval allows them. In
 * several tasks, so that none is long.
 */
export async function drawChart(
  spec: ChartSpec,
  { width, hovered, clicked }: DrawOptions,
): Promise<DrawnChart> {
  // Making the specification was a part of the task before.
  await nextTask();
  const compiled = compile(fitted(spec, width) as never, { logger: offlineVega.logger as never }).spec;
  await nextTask();
  const runtime = parse(compiled, undefined, { ast: true });
  await nextTask();
  const element = document.createElement('div');
  const view = new View(runtime, {
    ...{ renderer: 'canvas', container: element, hover: false },
    ...{ logger: offlineVega.logger as never, loader: offlineVega.loader as never },
    expr: expressionInterpreter as never,
    tooltip: () => {},
  });
  view.addEventListener('pointermove', (event, item) =>
    hovered(markOf(item), event as unknown as PointerEvent),
  );
  view.addEventListener('pointerout', (event) => hovered(undefined, event as unknown as PointerEvent));
  view.addEventListener('click', (_, item) => {
    const mark = markOf(item);
    if (mark) clicked(mark);
  });
  await nextTask();
  await view.runAsync();
  return {
    element,
    remove() {
      view.finalize();
      element.remove();
    },
  };
}

function markOf(item: unknown): Mark | undefined {
  const description = (item as { readonly description?: unknown } | null | undefined)?.description;
  return typeof description === 'string' && description !== '' ? { description } : undefined;
}

/** Pixels of a title along a vertical axis. */
const maxVerticalTitle = 180;
/** Pixels of an entry of a legend at least, and of what stands beside its text. */
const legendColumn = 165;
const legendSymbol = 44;

/** Columns of the chart's legend: its own number, or as many as its entries have room for. */
function legendColumnsOf(spec: ChartSpec, width: number): number {
  const room = Math.max(Math.floor(width / legendColumn), 1);
  for (const part of [spec, ...((spec['layer'] as readonly object[] | undefined) ?? [])]) {
    const { color } = ((part as Part).encoding ?? {}) as { readonly color?: Part };
    if (!color?.legend) continue;
    return color.legend.columns ?? Math.min(room, Math.max(color.scale?.domain?.length ?? room, 1));
  }
  return room;
}

interface Part {
  readonly encoding?: object;
  readonly legend?: { readonly columns?: number } | null;
  readonly scale?: { readonly domain?: readonly unknown[] };
}

/** Transparent, and as wide as asked for where the chart has one plot. */
function fitted(spec: ChartSpec, width: number): ChartSpec {
  const columns = legendColumnsOf(spec, width);
  const { axis, axisY, legend, ...rest } = spec['config'] as Record<string, object>;
  const config = {
    ...{ ...rest, background: null, padding: 4 },
    axis: { ...axis, titleLimit: Math.round(0.75 * width) },
    axisY: { ...axisY, titleLimit: maxVerticalTitle },
    legend: { ...legend, columns, labelLimit: Math.round(width / columns) - legendSymbol },
  };
  if ('concat' in spec || 'hconcat' in spec || 'vconcat' in spec) return { ...spec, config };
  return { ...spec, config, width, autosize: { type: 'fit-x', contains: 'padding' } };
}
