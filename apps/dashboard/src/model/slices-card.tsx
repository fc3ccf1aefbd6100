import { intervalShare } from '@foothold/study-model';
import { beliefChart } from '@foothold/viz';
import { Chart } from '../charts/chart.tsx';
import { Card, Choice } from '../components/card.tsx';
import { addressOf, goTo } from '../route.ts';
import type { ModelSummary } from './model-service.ts';
import type { ModelSlice } from './model-slices.ts';

/** Where slices are taken. */
export type SlicesAt = 'best' | 'point';

/** Height of a slice in pixels. */
const height = 200;

/** The belief along each parameter while the others stay. */
export function SlicesCard({
  study,
  slices,
  range,
  best,
  title,
  at,
  onAt,
}: {
  readonly study: string;
  readonly slices: readonly ModelSlice[];
  readonly range: readonly [low: number, high: number];
  readonly best: ModelSummary['best'];
  readonly title: string;
  readonly at: SlicesAt;
  onAt(at: SlicesAt): void;
}) {
  return (
    <Card
      title="Slices"
      note={`Mean and 90 % interval along each parameter, the others as in ${at === 'best' ? `trial ${best.number}, the best` : 'the point of “What if”'}. All have one value axis.`}
      tools={
        <Choice
          label="Slices through"
          options={[
            ['best', 'Best trial'],
            ['point', 'What-if point'],
          ]}
          value={at}
          onChange={onAt}
        />
      }
    >
      <div class="slices">
        {slices.map((slice) => (
          <Chart
            key={slice.name}
            height={height + 60}
            inputs={[slice, title]}
            onTrial={(number) => goTo(addressOf.trial(study, number))}
            of={(width) => sliceChart(slice, { width, range, title, best: at === 'best' ? best : undefined })}
          />
        ))}
      </div>
    </Card>
  );
}

function sliceChart(
  { name, positions, mean, low, high, log }: ModelSlice,
  {
    width,
    range,
    title,
    best,
  }: {
    readonly width: number;
    readonly range: readonly [low: number, high: number];
    readonly title: string;
    readonly best: ModelSummary['best'] | undefined;
  },
) {
  const own = best?.params[name];
  return beliefChart({
    ...{ width, height, positions, mean, variance: mean.map(() => 0), log },
    interval: { share: intervalShare, low, high },
    valueRange: range,
    ...{ position: name, value: title },
    ...(best &&
      own !== undefined && {
        observations: [
          {
            position: typeof own === 'number' ? own : String(own),
            value: best.value,
            label: `trial ${best.number}`,
          },
        ],
      }),
  });
}
