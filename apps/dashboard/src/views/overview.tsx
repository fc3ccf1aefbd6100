import { bestTrial, trialCounts } from '@foothold/study';
import { convergence, distribution, shortNumber } from '@foothold/viz';
import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Card, Choice } from '../components/card.tsx';
import { parallelModel } from '../components/parallel-model.ts';
import { ParallelPlot } from '../components/parallel-plot.tsx';
import { RangeForm } from '../components/range-form.tsx';
import { Message } from '../components/states.tsx';
import { Tiles } from '../components/tiles.tsx';
import { useObjective } from '../components/use-objective.tsx';
import { addressOf, goTo } from '../route.ts';
import { type Along, alongOptions, placedAlong } from '../study/along.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { feasibleValues, type ShownObjective, shownObjectives, withObjective } from '../study/objectives.ts';
import { keptTrials } from '../study/trial-filters.ts';
import { ago, counted } from '../text.ts';
import type { ViewProps } from './view-props.ts';

/** What a person wants to know first. */
export function Overview({ study }: ViewProps) {
  const version = study.version.value;
  const filters = study.filters.value;
  const { state } = study;
  const { objective, choice } = useObjective(state);
  const kept = useMemo(() => keptTrials(state.trials, filters), [version, filters]);
  const drawn = useMemo(
    () => feasibleValues(withObjective(kept, objective.metric), state.goal!),
    [kept, objective.metric],
  );
  const axes = useMemo(() => parallelModel(study).axes, [version]);
  const open = (number: number) => goTo(addressOf.trial(study.name, number));
  return (
    <div class="grid">
      <Facts study={study} />
      {state.trials.length === 0 ? (
        <Message title="No trials yet">
          <p>They appear here as soon as a program asks for one.</p>
        </Message>
      ) : (
        <>
          {choice}
          <BestSoFar study={study} objective={objective} trials={drawn} onTrial={open} />
          <Card title={`Distribution of ${objective.title}`} class="third">
            <Chart
              height={240}
              inputs={[drawn, objective.metric]}
              of={(width) =>
                distribution({
                  width,
                  height: 240,
                  trials: drawn,
                  direction: objective.direction,
                  value: objective.title,
                })
              }
            />
          </Card>
          <Card
            title="Parameters and outcomes"
            note="Each line is a complete trial; stronger lines rank better, the best is orange. Draw along an axis to keep a part of them."
          >
            <ParallelPlot study={study} />
            <RangeForm study={study} axes={axes} />
          </Card>
        </>
      )}
    </div>
  );
}

function BestSoFar({
  study,
  objective,
  trials,
  onTrial,
}: {
  readonly study: LiveStudy;
  readonly objective: ShownObjective;
  readonly trials: LiveStudy['state']['trials'];
  onTrial(number: number): void;
}) {
  const [along, setAlong] = useState<Along>('trials');
  const { state } = study;
  const options = alongOptions([state]);
  const { title, direction } = objective;
  return (
    <Card
      title={`Best ${title} so far`}
      class="two-thirds"
      tools={
        options.length > 1 && (
          <Choice label="Along" options={options} value={along} onChange={(next: Along) => setAlong(next)} />
        )
      }
    >
      <Chart
        height={260}
        inputs={[trials, along, objective.metric]}
        onTrial={onTrial}
        of={(width) => {
          const placed = placedAlong([{ state, trials }], along);
          return convergence({
            width,
            height: 240,
            direction,
            value: title,
            series: [{ name: '', trials: placed.trials[0]! }],
            along: placed.axis,
          });
        }}
      />
    </Card>
  );
}

function Facts({ study }: { readonly study: LiveStudy }) {
  const { state } = study;
  const goal = state.goal!;
  const counts = trialCounts(state.trials);
  const best = bestTrial(state.trials, goal);
  const objective = shownObjectives(goal, state.facts)[0]!;
  const last = state.trials.reduce((end, t) => Math.max(end, t.finishedAt ?? t.startedAt ?? 0), 0);
  const others = (['running', 'pruned', 'failed'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind].toLocaleString('en')} ${kind}`);
  const value = best && withObjective([best], objective.metric)[0]!;
  return (
    <Tiles
      tiles={[
        {
          name: `Best ${objective.title}`,
          value: value?.state === 'complete' ? shortNumber(value.value) : '–',
          note: best ? (
            <a href={addressOf.trial(study.name, best.number)}>trial {best.number}</a>
          ) : (
            'no value yet'
          ),
        },
        {
          name: 'Trials',
          value: state.trials.length.toLocaleString('en'),
          note: others.join(', ') || 'all complete',
        },
        {
          name: 'Goal',
          value: goalText(study),
          note: goal.constraints?.length ? counted(goal.constraints.length, 'limit') : samplerText(study),
        },
        {
          name: 'Last change',
          value: last > 0 ? ago(last, Date.now()) : '–',
          note: state.created?.at === undefined ? '' : `began ${ago(state.created.at, Date.now())}`,
        },
      ]}
    />
  );
}

function goalText({ state }: LiveStudy): string {
  const objectives = shownObjectives(state.goal!, state.facts);
  return objectives.length > 1 ? counted(objectives.length, 'objective') : objectives[0]!.direction;
}

function samplerText({ state }: LiveStudy): string {
  const sampler = state.configured?.sampler;
  const name =
    typeof sampler === 'object' && sampler !== null && 'name' in sampler ? sampler.name : undefined;
  return typeof name === 'string' ? `sampler ${name}` : '';
}
