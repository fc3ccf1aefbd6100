import { type ChartSpec, darkChart } from '@foothold/viz';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isDark } from '../theme.ts';
import { queued } from './chart-queue.ts';
import { hideTooltip, showTooltip } from './tooltip.ts';
import { useWidth } from './use-width.ts';
import type { DrawnChart } from './vega-renderer.ts';

export interface ChartProps {
  /** The chart at this width in pixels. Called again when one of `inputs` or the width changes. */
  of(width: number): ChartSpec;
  readonly inputs: readonly unknown[];
  /** Pixels that are kept free while nothing is drawn. */
  readonly height: number;
  /** Called with the number of the trial whose mark was clicked. */
  onTrial?: ((number: number) => void) | undefined;
}

/** Milliseconds between two pictures of a chart whose data change. */
const pause = 300;

/** A chart of `@foothold/viz`, drawn by Vega on a canvas once it is in view. */
export function Chart({ of, inputs, height, onTrial }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnChart | undefined>(undefined);
  const [text, setText] = useState('A chart that is being drawn');
  const [fault, setFault] = useState<string>();
  const { width, isSeen } = useWidth(holder);
  const dark = isDark.value;
  const clicked = useRef(onTrial);
  clicked.current = onTrial;
  useEffect(() => {
    if (width === 0 || !isSeen) return;
    let isWanted = true;
    const draw = async () => {
      const { drawChart } = await import('./vega-renderer.ts');
      const spec = of(width);
      const next = await drawChart(dark ? darkChart(spec) : spec, {
        width,
        hovered: (mark, event) =>
          mark ? showTooltip(mark.description, { x: event.clientX, y: event.clientY }) : hideTooltip(),
        clicked: ({ description }) => {
          const number = /^trial (\d+)\b/.exec(description)?.[1];
          if (number !== undefined) clicked.current?.(Number(number));
        },
      });
      if (!isWanted || !holder.current) return next.remove();
      drawn.current?.remove();
      drawn.current = next;
      holder.current.replaceChildren(next.element);
      setText(String(spec['description'] ?? ''));
      setFault(undefined);
    };
    const timer = setTimeout(
      () => {
        queued(draw, () => isWanted).catch((error: unknown) =>
          setFault(error instanceof Error ? error.message : String(error)),
        );
      },
      drawn.current ? pause : 0,
    );
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
  return (
    <div class="chart-frame">
      <div
        class="chart"
        ref={holder}
        role="img"
        aria-label={text}
        style={{ minHeight: `${height}px` }}
        data-drawn={text}
      />
      {fault !== undefined && <p class="fault">This chart could not be drawn: {fault}</p>}
    </div>
  );
}
