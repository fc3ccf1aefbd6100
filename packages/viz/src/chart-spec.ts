/**
 * A chart as plain data: a Vega-Lite 6 specification in JSON, every number and text inline. It can be stored, sent,
 * changed by hand, or given to any Vega-Lite renderer; `toSvg` is ours.
 */
export interface ChartSpec {
  readonly $schema: string;
  readonly [key: string]: unknown;
}

/** What every chart takes: texts and the size of the plot in pixels (axes and legends come on top). */
export interface ChartOptions {
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Part of a specification: a mark, an encoding, a layer. */
export type SpecPart = Readonly<Record<string, unknown>>;
