import type { Beliefs } from '@foothold/study-model';
import type { ShownObjective } from '../study/objectives.ts';
import { closeNumbers } from './close-numbers.ts';
import type { ModelSummary } from './model-service.ts';

/** Mean, interval and probability at one point. */
export function PointBelief({
  beliefs,
  best,
  objective,
  range,
}: {
  readonly beliefs: Beliefs | undefined;
  readonly best: ModelSummary['best'];
  readonly objective: ShownObjective;
  /** Values that the picture shows at least. */
  readonly range: readonly [low: number, high: number];
}) {
  const [mean, low, high] = [beliefs?.mean[0], beliefs?.low[0], beliefs?.high[0]];
  const isKnown = mean !== undefined && low !== undefined && high !== undefined;
  const text = isKnown ? closeNumbers([low, high], high - low) : () => '…';
  const shown = (value: number | undefined) => text(value ?? 0);
  return (
    <output class="belief">
      <p class="muted">Expected {objective.title}</p>
      <p class="belief-mean">{shown(mean)}</p>
      <p>
        90 % between <b>{shown(low)}</b> and <b>{shown(high)}</b>
      </p>
      {isKnown && <IntervalPicture values={{ mean, low, high }} best={best.value} range={range} />}
      <p>
        <b>{isKnown ? percentText(beliefs!.better[0]!) : '…'}</b> to beat the best,{' '}
        {isKnown ? text(best.value) : '…'} of trial {best.number}
      </p>
    </output>
  );
}

/** A probability in per cent; never quite none or all. */
export function percentText(probability: number): string {
  const percent = 100 * probability;
  if (percent < 0.1) return 'less than 0.1 %';
  if (percent > 99.9) return 'more than 99.9 %';
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

const width = 300;
const inset = 8;

function IntervalPicture({
  values: { mean, low, high },
  best,
  range,
}: {
  readonly values: { readonly mean: number; readonly low: number; readonly high: number };
  readonly best: number;
  readonly range: readonly [low: number, high: number];
}) {
  const [from, to] = [Math.min(range[0], low, best, mean), Math.max(range[1], high, best, mean)];
  const x = (value: number) => inset + ((value - from) / (to - from || 1)) * (width - 2 * inset);
  return (
    <svg class="interval" viewBox={`0 0 ${width} 40`} aria-hidden="true">
      <line class="interval-axis" x1={inset} x2={width - inset} y1={20} y2={20} />
      <rect
        class="interval-band"
        x={x(low)}
        y={13}
        width={Math.max(x(high) - x(low), 2)}
        height={14}
        rx={3}
      />
      <line class="interval-best" x1={x(best)} x2={x(best)} y1={6} y2={34} />
      <circle class="interval-mean" cx={x(mean)} cy={20} r={5.5} />
    </svg>
  );
}
