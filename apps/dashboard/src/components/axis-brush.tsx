import { useRef } from 'preact/hooks';
import type { LiveStudy } from '../study/live-study.ts';
import { type AxisFilter, axisKey, withFilter } from '../study/trial-filters.ts';
import { BreakableName } from './breakable-name.tsx';
import type { ParallelLayout } from './parallel-drawing.ts';
import type { ParallelAxis } from './parallel-model.ts';

/** Pixels that a pointer moves at least to make a brush; less takes the brush away. */
const minBrush = 4;

interface AxisBrushProps {
  readonly study: LiveStudy;
  readonly axis: ParallelAxis;
  readonly layout: ParallelLayout;
  readonly x: number;
  readonly pitch: number;
  readonly isLast: boolean;
}

/** An axis with its name and ticks, on which a pointer draws the range to keep. */
export function AxisBrush({ study, axis, layout, x, pitch, isLast }: AxisBrushProps) {
  const filter = study.filters.value.get(axisKey(axis.axis))?.filter;
  const span = filter && axis.spanOf(filter);
  const length = layout.bottom - layout.top;
  const brush = useBrush(length, (ends) => {
    const kept: AxisFilter | undefined = ends && axis.filterAt(...ends);
    study.filters.value = withFilter(study.filters.value, axis.axis, kept);
  });
  return (
    <div class="axis" style={{ left: `${x}px`, top: `${layout.top}px`, height: `${length}px` }}>
      <span
        class={isLast ? 'axis-name last' : 'axis-name'}
        style={{ maxWidth: `${pitch - 8}px` }}
        title={axis.title}
      >
        <BreakableName name={axis.title} />
      </span>
      <div class="axis-area" data-axis={axisKey(axis.axis)} {...brush}>
        {span && (
          <div
            class="brush"
            style={{
              bottom: `${span[0] * length}px`,
              height: `${Math.max((span[1] - span[0]) * length, 2)}px`,
            }}
          />
        )}
      </div>
      {axis.ticks.map(({ at, label }) => (
        <span key={label} class="tick" style={{ bottom: `${at * length}px`, maxWidth: `${pitch - 14}px` }}>
          {label}
        </span>
      ))}
    </div>
  );
}

/** Handlers of a pointer that is drawn along an axis of this length; `changed` has the ends in [0, 1], or undefined after a click. */
function useBrush(length: number, changed: (ends: readonly [number, number] | undefined) => void) {
  const start = useRef<number | undefined>(undefined);
  const positionOf = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.min(Math.max(1 - (event.clientY - box.top) / length, 0), 1);
  };
  const isBrush = (now: number) => Math.abs(now - (start.current ?? now)) * length >= minBrush;
  return {
    onPointerDown(event: PointerEvent) {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      start.current = positionOf(event);
    },
    onPointerMove(event: PointerEvent) {
      const now = positionOf(event);
      if (start.current !== undefined && isBrush(now))
        changed([Math.min(start.current, now), Math.max(start.current, now)]);
    },
    onPointerUp(event: PointerEvent) {
      if (start.current !== undefined && !isBrush(positionOf(event))) changed(undefined);
      start.current = undefined;
    },
    onPointerCancel() {
      start.current = undefined;
    },
  };
}
