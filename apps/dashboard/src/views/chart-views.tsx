import { atTargetFidelity, trainingCurves } from '@foothold/study';
import {
  feasibility,
  learningCurves,
  paretoFront,
  type ReportSection,
  sourceWeights,
  transferSection,
  transferSteps,
  transferWeight,
  workerTimeline,
} from '@foothold/viz';
import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Card, Choice } from '../components/card.tsx';
import { Facts } from '../components/facts.tsx';
import { addressOf, goTo } from '../route.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { feasibleValues, shownObjectives } from '../study/objectives.ts';
import { keptTrials } from '../study/trial-filters.ts';
import { shortWorker } from '../text.ts';
import { hypervolumeChart } from './hypervolume-chart.ts';
import type { ViewProps } from './view-props.ts';

/** The trials that the filters keep, again when they or the study change. */
function useKept(study: LiveStudy) {
  const version = study.version.value;
  const filters = study.filters.value;
  // A copy: the study's own list changes in place.
  return useMemo(() => [...keptTrials(study.state.trials, filters)], [study, version, filters]);
}

function opener(study: LiveStudy) {
  return (number: number) => goTo(addressOf.trial(study.name, number));
}

/** Two objectives against each other, and how the front grew. */
export function ParetoView({ study }: ViewProps) {
  const all = useKept(study);
  const kept = useMemo(() => feasibleValues(all, study.state.goal!), [all]);
  const objectives = shownObjectives(study.state.goal!, study.state.facts);
  const pairs = objectives.flatMap((first, i) =>
    objectives
      .slice(i + 1)
      .map(
        (second) =>
          [`${i} ${objectives.indexOf(second)}` as string, `${first.title} and ${second.title}`] as const,
      ),
  );
  const [chosen, setChosen] = useState<string>(pairs[0]![0]);
  const [first, second] = chosen.split(' ').map((i) => objectives[Number(i)]!) as [
    (typeof objectives)[0],
    (typeof objectives)[0],
  ];
  return (
    <div class="grid">
      <Card
        title="Pareto front"
        tools={
          pairs.length > 1 && (
            <Choice label="Objectives" options={pairs} value={chosen} onChange={setChosen} />
          )
        }
      >
        <Chart
          height={420}
          inputs={[kept, chosen]}
          onTrial={opener(study)}
          of={(width) => paretoFront({ width, height: 380, trials: kept, objectives: [first, second] })}
        />
      </Card>
      <Card
        title="Hypervolume of the front"
        note="Area that the front dominates, up to the worst value of each of the two objectives."
      >
        <Chart
          height={240}
          inputs={[kept, chosen]}
          of={(width) => hypervolumeChart(kept, [first, second], width)}
        />
      </Card>
    </div>
  );
}

/** What trials reported over their steps. */
export function CurvesView({ study }: ViewProps) {
  const kept = useKept(study);
  const [objective] = shownObjectives(study.state.goal!, study.state.facts);
  const { direction, title } = objective!;
  const { fidelity } = study.state.goal!;
  const trials = fidelity ? trainingCurves(kept, fidelity) : kept;
  const competes = atTargetFidelity(study.state);
  return (
    <Card
      title="Learning curves"
      note={`A line a ${fidelity ? 'configuration' : 'trial'}; a cross marks where a pruned or failed one ended.`}
    >
      <Chart
        height={440}
        inputs={[kept]}
        onTrial={opener(study)}
        of={(width) =>
          learningCurves({
            ...{ width, height: 400, trials, direction, competes, value: title },
            ...(fidelity && { step: fidelity.name }),
          })
        }
      />
    </Card>
  );
}

/** Who worked when. */
export function TimelineView({ study }: ViewProps) {
  const version = study.version.value;
  const kept = useKept(study);
  const spans = useMemo(() => {
    const numbers = new Set(kept.map(({ number }) => number));
    const now = study.history.spans.reduce((end, { from, to }) => Math.max(end, to ?? from), 0);
    return study.history.spans
      .filter(({ number }) => numbers.has(number))
      .map(({ worker, number, from, to, ending }) => ({
        worker: shortWorker(worker),
        trial: number,
        from,
        to: to ?? Math.max(now, from),
        state: ending ?? ('running' as const),
      }));
  }, [study, version, kept]);
  return (
    <Card title="Workers" note="A row a worker, a bar a trial. Gaps are times in which a worker had none.">
      <Chart
        height={160}
        inputs={[spans]}
        onTrial={opener(study)}
        of={(width) => workerTimeline({ width, spans })}
      />
    </Card>
  );
}

/** Each limit of the goal over the trials. */
export function LimitsView({ study }: ViewProps) {
  const kept = useKept(study);
  const { constraints = [] } = study.state.goal!;
  return (
    <div class="grid">
      {constraints.map((constraint) => {
        const key = JSON.stringify(constraint);
        return (
          <Card
            key={key}
            title={`Limit on ${constraint.metric}`}
            class={constraints.length > 1 ? 'half' : ''}
          >
            <Chart
              height={280}
              inputs={[kept, key]}
              onTrial={opener(study)}
              of={(width) => feasibility({ width, height: 240, trials: kept, constraint })}
            />
          </Card>
        );
      })}
    </div>
  );
}

/** Which earlier studies there were, how many suggestions are of them, and what of them was not used. */
function Contribution({ section }: { readonly section: ReportSection }) {
  const { title, text = [], facts = [], table } = section;
  return (
    <Card title={title} note={[text].flat().join(' ')} class="flow">
      <Facts facts={facts.map(({ name, value }) => [name, String(value)])} />
      {table && (
        <section class="table-scroll" aria-label={table.caption} tabIndex={0}>
          <table class="unused">
            <caption>{table.caption}</caption>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row.join()}>
                  {row.map((cell) => (
                    <td key={cell}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Card>
  );
}

/** How earlier studies took part in the suggestions. */
export function TransferView({ study }: ViewProps) {
  const kept = useKept(study);
  const steps = useMemo(() => transferSteps(kept), [kept]);
  const section = useMemo(() => transferSection(kept), [kept]);
  const hypotheses = steps.filter(({ hypotheses: own }) => Object.keys(own).length > 0);
  return (
    <div class="grid">
      {section && <Contribution section={section} />}
      <Card
        title="Weight of earlier studies"
        note="At 100 % a suggestion rests on earlier studies alone, at 0 % on this study alone."
      >
        <Chart
          height={260}
          inputs={[steps]}
          onTrial={opener(study)}
          of={(width) => transferWeight({ width, height: 220, steps })}
        />
      </Card>
      <Card title="Weight of each source">
        <Chart height={300} inputs={[steps]} of={(width) => sourceWeights({ width, height: 260, steps })} />
      </Card>
      {hypotheses.length > 0 && (
        <Card
          title="How the sources relate to this study"
          note="Probability of each hypothesis that the model considers."
        >
          <Chart
            height={360}
            inputs={[steps]}
            of={(width) =>
              sourceWeights({
                width,
                height: 260,
                value: 'probability',
                steps: hypotheses.map(({ trial, hypotheses: weights }) => ({ trial, weights })),
              })
            }
          />
        </Card>
      )}
    </div>
  );
}
