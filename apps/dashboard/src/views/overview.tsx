import type { Trial } from '@foothold/core';
import { lastOutlierNotes } from '@foothold/study';
import { convergence, distribution } from '@foothold/viz';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { BestTrial } from '../components/best-trial.tsx';
import { Card, Choice } from '../components/card.tsx';
import { FidelitiesCard } from '../components/fidelities-card.tsx';
import { type ParallelModel, parallelModel } from '../components/parallel-model.ts';
import { ParallelPlot } from '../components/parallel-plot.tsx';
import { RangeForm } from '../components/range-form.tsx';
import { Message } from '../components/states.tsx';
import { useObjective } from '../components/use-objective.tsx';
import { nextTask } from '../next-task.ts';
import { addressOf, goTo } from '../route.ts';
import { type Along, alongOptions, placedAlong } from '../study/along.ts';
import { keptLevel, shownFidelities } from '../study/fidelities.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { breaksLimit, objectiveValues, type ShownObjective } from '../study/objectives.ts';
import { keptTrials } from '../study/trial-filters.ts';
import { hasSeveralObjectives, OverviewTiles } from './overview-tiles.tsx';
import type { ViewProps } from './view-props.ts';

/** What a person wants to know first. */
export function Overview({ study }: ViewProps) {
  study.version.value;
  return (
    <div class="grid">
      <OverviewTiles study={study} />
      {study.state.trials.length === 0 ? (
        <Message title="No trials yet">
          <p>They appear here as soon as a program asks for one.</p>
        </Message>
      ) : (
        <>
          {!hasSeveralObjectives(study) && <BestTrial study={study} />}
          <Outcomes study={study} />
          <FidelitiesCard study={study} />
          <Card
            title="Parameters and outcomes"
            note="Each line is a complete trial; stronger lines rank better, the best is orange. Draw along an axis to keep a part of them."
          >
            <Parallel study={study} />
          </Card>
        </>
      )}
    </div>
  );
}

/** The lines, in a task after that of the rest of the page: of a long study either takes a while. */
function Parallel({ study }: ViewProps) {
  const version = study.version.value;
  const [model, setModel] = useState<ParallelModel>();
  useEffect(() => {
    let isWanted = true;
    void nextTask().then(() => isWanted && setModel(parallelModel(study)));
    return () => {
      isWanted = false;
    };
  }, [study, version]);
  if (!model) return <div class="parallel-place" />;
  return (
    <>
      <ParallelPlot study={study} model={model} />
      <RangeForm study={study} axes={model.axes} />
    </>
  );
}

/**
 * The charts of the values, and the choice of an objective. Filters change them and nothing else of the page but the lines: a brush that is
 * drawn changes the filters with each of its movements. The trials are chosen when a chart is drawn, which is a while after the last change.
 */
function Outcomes({ study }: ViewProps) {
  const version = study.version.value;
  const filters = study.filters.value;
  const { state } = study;
  const { objective, choice } = useObjective(state);
  const { metric } = objective;
  const trials = useMemo(() => {
    let chosen: readonly Trial[] | undefined;
    return () => {
      chosen ??= objectiveValues(keptTrials(state.trials, filters), metric, state.goal!);
      return chosen;
    };
  }, [study, version, filters, metric]);
  const open = (number: number) => goTo(addressOf.trial(study.name, number));
  return (
    <>
      {choice}
      <BestSoFar study={study} objective={objective} trials={trials} onTrial={open} />
      <Distribution study={study} objective={objective} trials={trials} />
    </>
  );
}

/** The values that compare: of several fidelities those at the target, or at the one that the filters keep. */
function Distribution({ study, objective: { metric, title, direction }, trials }: ChartedTrials) {
  const fidelities = shownFidelities(study.state);
  const level = fidelities && (keptLevel(study, fidelities) ?? fidelities.levels.length - 1);
  const at = fidelities ? `, ${fidelities.levels[level!]!.title}` : '';
  const shown = () =>
    fidelities ? trials().filter((trial) => fidelities.levelOf(trial) === level) : trials();
  return (
    <Card title={`Distribution of ${title}${at}`} class="third">
      <Chart
        height={240}
        inputs={[trials, level, metric]}
        of={(width) => distribution({ width, height: 240, trials: shown(), direction, value: title })}
      />
    </Card>
  );
}

/** Points of the chart, which is drawn in one task: 2,000 took 75 ms of a processor, where a frame has 50. */
const maxPoints = 600;

interface ChartedTrials {
  readonly study: LiveStudy;
  readonly objective: ShownObjective;
  /** With the objective's figure as their value; another function where they are others. */
  trials(): readonly Trial[];
}

/** Of several fidelities a line each, along what they cost. */
function BestSoFar({ study, objective, trials, onTrial }: ChartedTrials & { onTrial(number: number): void }) {
  const { state } = study;
  const fidelities = shownFidelities(state);
  const [chosen, setAlong] = useState<Along>();
  const along = chosen ?? (fidelities ? 'cost' : 'trials');
  const options = alongOptions([state]);
  const { title, direction } = objective;
  const outliers = lastOutlierNotes(state.trials);
  return (
    <Card
      title={`Best ${title} so far`}
      class="two-thirds"
      note={outliers.length > 0 && `Outliers as the model treats them: ${outliers.join('; ')}.`}
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
          const placed = placedAlong([{ state, trials: trials() }], along);
          const ordered = placed.trials[0]!;
          const series = fidelities?.levels.map(({ title: name }, level) => ({
            name,
            trials: ordered.filter((trial) => fidelities.levelOf(trial) === level),
          }));
          return convergence({
            width,
            height: 240,
            direction,
            value: title,
            series: series ?? [{ name: '', trials: ordered }],
            along: placed.axis,
            maxPoints,
            breaksLimit,
          });
        }}
      />
    </Card>
  );
}
