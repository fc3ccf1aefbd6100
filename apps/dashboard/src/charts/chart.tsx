import { type ChartSpec, darkChart } from '@foothold/viz';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isDark } from '../theme.ts';
import { queued } from './chart-queue.ts';
import { hideTooltip, showTooltip } from './tooltip.ts';
import { useWidth } from './use-width.ts';
import type { DrawnChart, Mark } from './vega-renderer.ts';

export interface ChartProps {
  /** The chart at this width in pixels. Called again when one of `inputs` or the width changes. */
  of(width: number): ChartSpec | Promise<ChartSpec>;
  readonly inputs: readonly unknown[];
  /** Pixels that are kept free while nothing is drawn. */
  readonly height: number;
  /** Called with the number of the trial whose mark was clicked. */
  onTrial?: ((number: number) => void) | undefined;
}

/** Milliseconds between two pictures of a chart whose data change; other colours are drawn at once. */
const pause = 300;

/** A chart of `@foothold/viz`, drawn by Vega on a canvas once it is in view. */
export function Chart(props: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const { text, fault } = useDrawing(holder, props);
  return (
    <div class="chart-frame">
      <div
        class="chart"
        ref={holder}
        role="img"
        aria-label={text}
        style={{ minHeight: `${props.height}px` }}
      />
      {fault !== undefined && <p class="fault">This chart could not be drawn: {fault}</p>}
    </div>
  );
}

/** Keeps the picture in the element up to date; what it shows in words, and why it could not be drawn. */
function useDrawing(holder: RefObject<HTMLDivElement | null>, { of, inputs, onTrial }: ChartProps) {
  const drawn = useRef<DrawnChart | undefined>(undefined);
  const [text, setText] = useState('A chart that is being drawn');
  const [fault, setFault] = useState<string>();
  const { width, isSeen } = useWidth(holder);
  const dark = isDark.value;
  const opened = useRef(onTrial);
  opened.current = onTrial;
  useEffect(() => {
    if (width === 0 || !isSeen) return;
    let isWanted = true;
    const draw = async () => {
      const { drawChart } = await import('./vega-renderer.ts');
      const spec = await of(width);
      const next = await drawChart(dark ? darkChart(spec) : spec, {
        width,
        hovered,
        clicked: (mark) => open(mark, opened.current),
      });
      if (!isWanted || !holder.current) return next.remove();
      drawn.current?.remove();
      drawn.current = next;
      holder.current.replaceChildren(next.element);
      holder.current.dataset['scheme'] = dark ? 'dark' : 'light';
      setText(String(spec['description'] ?? ''));
      setFault(undefined);
    };
    const start = () => {
      queued(draw, () => isWanted).catch((error: unknown) =>
        setFault(error instanceof Error ? error.message : String(error)),
      );
    };
    const isSameScheme = holder.current?.dataset['scheme'] === (dark ? 'dark' : 'light');
    const timer = setTimeout(start, drawn.current && isSameScheme ? pause : 0);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [width, isSeen, dark, ...inputs]);
  useEffect(
    () => () => {
      hideTooltip();
      drawn.current?.remove();
    },
    [],
  );
  return { text, fault };
}

function hovered(mark: Mark | undefined, { clientX: x, clientY: y }: PointerEvent): void {
  if (mark) showTooltip(mark.description, { x, y });
  else hideTooltip();
}

/** Marks of a trial say so at the beginning of their descriptions. */
function open({ description }: Mark, onTrial: ChartProps['onTrial']): void {
  const number = /^trial (\d+)\b/.exec(description)?.[1];
  if (number !== undefined) onTrial?.(Number(number));
}
