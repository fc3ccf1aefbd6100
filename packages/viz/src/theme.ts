/**
 * One look for all charts. The first six series colours are those of Okabe and Ito (2008, "Color Universal Design"). Each two of
 * the eight, and of their dark counterparts, differ for every common kind of colour vision (`color-vision.test.ts`).
 */
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { literalTexts } from './literal-texts.ts';
import { characterWidth, textLines } from './text-lines.ts';

export const seriesColors = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#931b85',
  '#696e75',
] as const;

/** Colours of what is not data. `dark-chart.ts` maps each of them to its dark counterpart by its exact text. */
export const ink = {
  background: '#ffffff',
  text: '#1f2933',
  muted: '#5b6770',
  grid: '#e5e8eb',
  axis: '#9aa5b1',
  empty: '#edf0f2',
  failed: '#b42318',
} as const;

export const accent = seriesColors[1];
export const primary = seriesColors[0];

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

const config = {
  font,
  background: ink.background,
  padding: 12,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    color: ink.text,
    fontSize: 15,
    fontWeight: 600,
    subtitleColor: ink.muted,
    subtitleFontSize: 12,
    subtitlePadding: 4,
    offset: 14,
    // Vega without a canvas takes texts for wider than they are, and would cut them: long ones get lines instead.
    limit: 0,
  },
  axis: {
    labelColor: ink.muted,
    labelFontSize: 11,
    titleColor: ink.text,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 10,
    titleLimit: 420,
    gridColor: ink.grid,
    domainColor: ink.axis,
    tickColor: ink.axis,
    tickSize: 4,
    labelPadding: 4,
    labelOverlap: 'greedy',
    labelSeparation: 4,
    labelLimit: 180,
  },
  axisX: { grid: false, labelFlush: false },
  axisY: { domain: false, ticks: false },
  legend: {
    labelColor: ink.text,
    labelFontSize: 12,
    titleColor: ink.muted,
    titleFontSize: 11,
    titleFontWeight: 500,
    orient: 'top',
    symbolSize: 110,
    symbolStrokeWidth: 3,
    labelLimit: 260,
    titleLimit: 260,
    columnPadding: 20,
    offset: 8,
  },
  header: { labelColor: ink.text, titleColor: ink.text },
  range: { category: [...seriesColors] },
  // Axis and legend texts are there to be read already; descriptions are for marks.
  aria: true,
} as const;

/**
 * The specification around a body (a mark, layers or panels): schema, look, title. Texts are always literal. Title and
 * subtitle get as many lines as they need within the width of the chart (`width` of the options, of the body, or 680).
 */
export function chart(body: SpecPart, options: ChartOptions & { readonly description: string }): ChartSpec {
  const { title, subtitle, description } = options;
  const width = Number(options.width ?? body['width'] ?? 680);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: title === undefined ? description : `${title}: ${description}`,
    ...literalTexts({ ...titleOf({ title, subtitle, width }), ...body }),
    config,
  };
}

/** Below this width in pixels a chart is for a phone. */
export const smallWidth = 320;

/** A subtitle alone is drawn as the title, since Vega draws none without a title. */
function titleOf({ title, subtitle, width }: ChartOptions & { readonly width: number }): SpecPart {
  const lines = (text: string, fontSize: number) => {
    // Vega without a canvas reserves 0.8 em a character, which would make a small chart wider than its plot.
    const character = width < smallWidth ? 0.8 * fontSize : characterWidth(fontSize);
    const found = textLines(text, Math.max(Math.floor(width / character), 12));
    return found.length === 1 ? found[0]! : found;
  };
  if (title === undefined || title === '')
    return subtitle === undefined || subtitle === ''
      ? {}
      : {
          title: {
            text: lines(subtitle, config.title.subtitleFontSize),
            fontSize: config.title.subtitleFontSize,
            fontWeight: 400,
            color: ink.muted,
          },
        };
  return {
    title: {
      text: lines(title, config.title.fontSize),
      ...(subtitle === undefined ? {} : { subtitle: lines(subtitle, config.title.subtitleFontSize) }),
    },
  };
}

/** Width and height of a plot, with the usual ones where the caller gave none. */
export function sizeOf(
  options: ChartOptions,
  usual: { readonly width?: number; readonly height?: number } = {},
): { readonly width: number; readonly height: number } {
  return {
    width: options.width ?? usual.width ?? 680,
    height: options.height ?? usual.height ?? 320,
  };
}
