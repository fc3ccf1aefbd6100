import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useWidth } from '../charts/use-width.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { axisKey } from '../study/trial-filters.ts';
import { isDark } from '../theme.ts';
import { AxisBrush } from './axis-brush.tsx';
import { drawKept, drawLeftOut, type ParallelLayout } from './parallel-drawing.ts';
import { keptMask, type ParallelModel } from './parallel-model.ts';

const height = 320;
const top = 56;
const bottom = height - 14;
/** Pixels between two axes at least, so that names can be read, and beside the first and the last one. */
const minPitch = 92;
const margin = 40;

/** Each trial as a line over its parameters and objectives. Drawing along an axis keeps what the lines there touch, in all views. */
export function ParallelPlot({ study, model }: { readonly study: LiveStudy; readonly model: ParallelModel }) {
  const filters = study.filters.value;
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useWidth(holder);
  const layout = useMemo(() => layoutOf(model.axes.length, width), [model.axes.length, width]);
  const traces = useRef<HTMLCanvasElement | undefined>(undefined);
  useEffect(() => {
    traces.current = undefined;
  }, [model, layout, isDark.value]);
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (!canvas.current || width === 0) return;
      const context = prepared(canvas.current, layout);
      const colors = colorsOf(canvas.current);
      const mask = keptMask(model, filters);
      if (filters.size > 0) {
        if (!traces.current) {
          traces.current = document.createElement('canvas');
          drawLeftOut(prepared(traces.current, layout), { model, mask, layout }, colors);
        }
        context.drawImage(traces.current, 0, 0, layout.width, layout.height);
      }
      drawKept(context, { model, mask, layout }, colors);
    });
    return () => cancelAnimationFrame(frame);
  }, [model, layout, filters, isDark.value]);
  return (
    <div class="parallel" ref={holder}>
      <section
        class="parallel-scroll"
        tabIndex={0}
        aria-label={`${model.trials.length} complete trials over ${model.axes.length} axes. The ranges can be set by number below.`}
      >
        <div class="parallel-plot" style={{ width: `${layout.width}px`, height: `${height}px` }}>
          <canvas ref={canvas} aria-hidden="true" />
          {model.axes.map((axis, k) => (
            <AxisBrush
              key={axisKey(axis.axis)}
              study={study}
              axis={axis}
              layout={layout}
              x={layout.across[k]!}
              pitch={layout.across[1] ? layout.across[1] - layout.across[0]! : layout.width}
              isLast={k === model.axes.length - 1}
            />
          ))}
        </div>
      </section>
    </div>
  );
}

function layoutOf(count: number, width: number): ParallelLayout {
  const full = Math.max(width, 2 * margin + minPitch * Math.max(count - 1, 1));
  const pitch = (full - 2 * margin - 40) / Math.max(count - 1, 1);
  return {
    width: full,
    height,
    across: Array.from({ length: count }, (_, k) => margin + k * pitch),
    top,
    bottom,
  };
}

/** The canvas in the size of the layout, empty, with a context in its pixels. */
function prepared(
  canvas: HTMLCanvasElement,
  { width, height: tall }: ParallelLayout,
): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(tall * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${tall}px`;
  // Many short lines are drawn faster, and everywhere alike, without a graphics processor.
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.scale(ratio, ratio);
  context.lineJoin = 'round';
  return context;
}

function colorsOf(element: Element) {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return { line: color('--plot-line'), best: color('--plot-best'), left: color('--plot-left') };
}
