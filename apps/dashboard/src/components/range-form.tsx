import type { LiveStudy } from '../study/live-study.ts';
import { type AxisFilter, axisKey, withFilter } from '../study/trial-filters.ts';
import type { ParallelAxis } from './parallel-model.ts';

/** The same filters as brushes, by number and by level: for keyboards, screen readers and exact limits. */
export function RangeForm({
  study,
  axes,
}: {
  readonly study: LiveStudy;
  readonly axes: readonly ParallelAxis[];
}) {
  return (
    <details class="range-form">
      <summary>Filter by number</summary>
      <div class="range-grid">
        {axes.map((axis) => (
          <AxisFields key={axisKey(axis.axis)} study={study} axis={axis} />
        ))}
      </div>
    </details>
  );
}

function AxisFields({ study, axis }: { readonly study: LiveStudy; readonly axis: ParallelAxis }) {
  const filter = study.filters.value.get(axisKey(axis.axis))?.filter;
  const set = (kept: AxisFilter | undefined) => {
    study.filters.value = withFilter(study.filters.value, axis.axis, kept);
  };
  const isLevels = axis.filterAt(0, 1).kind === 'levels';
  return (
    <fieldset>
      <legend>{axis.title}</legend>
      {isLevels ? <Levels axis={axis} filter={filter} set={set} /> : <Limits filter={filter} set={set} />}
    </fieldset>
  );
}

interface FieldsProps {
  readonly filter: AxisFilter | undefined;
  set(filter: AxisFilter | undefined): void;
}

function Levels({ axis, filter, set }: FieldsProps & { readonly axis: ParallelAxis }) {
  const all = axis.ticks.map(({ label }) => label);
  const kept = filter?.kind === 'levels' ? filter.levels : all;
  const toggle = (level: string) => {
    const next = all.filter((other) => (other === level) !== kept.includes(other));
    set(next.length === all.length ? undefined : { kind: 'levels', levels: next });
  };
  return (
    <>
      {all.map((level) => (
        <label key={level} class="check-label">
          <input type="checkbox" checked={kept.includes(level)} onChange={() => toggle(level)} />
          {level}
        </label>
      ))}
    </>
  );
}

function Limits({ filter, set }: FieldsProps) {
  const range = filter?.kind === 'range' ? filter : { low: -Infinity, high: Infinity };
  const changed = (text: string, end: 'low' | 'high') => {
    const value = text.trim() === '' ? (end === 'low' ? -Infinity : Infinity) : Number(text);
    if (Number.isNaN(value)) return;
    const next = { kind: 'range' as const, low: range.low, high: range.high, [end]: value };
    set(next.low === -Infinity && next.high === Infinity ? undefined : next);
  };
  const field = (end: 'low' | 'high', text: string) => (
    <label>
      {text}
      <input
        type="text"
        inputMode="decimal"
        value={Number.isFinite(range[end]) ? String(range[end]) : ''}
        onChange={(event) => changed(event.currentTarget.value, end)}
      />
    </label>
  );
  return (
    <div class="limits">
      {field('low', 'from')}
      {field('high', 'to')}
    </div>
  );
}
