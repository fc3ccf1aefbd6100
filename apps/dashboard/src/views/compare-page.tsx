import { comparableTrials } from '@foothold/study';
import { attainment, convergence } from '@foothold/viz';
import { useEffect, useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { Chart } from '../charts/chart.tsx';
import { Card, Choice } from '../components/card.tsx';
import { Loading, Message } from '../components/states.tsx';
import { addressOf } from '../route.ts';
import { type Along, alongOptions, placedAlong } from '../study/along.ts';
import { type LiveStudy, liveStudy } from '../study/live-study.ts';
import {
  breaksLimit,
  feasibleValues,
  objectiveValues,
  type ShownObjective,
  shownObjectives,
} from '../study/objectives.ts';
import { maxCompared } from './studies-page.tsx';

/** The best values so far of several studies on one chart. */
export function ComparePage({ names }: { readonly names: readonly string[] }) {
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Path">
        <a href={addressOf.studies()}>{source.value?.report?.title ?? 'Studies'}</a>
      </nav>
      <div class="page-head">
        <h1>Compare {names.length} studies</h1>
      </div>
      <ComparedStudies names={names} />
    </div>
  );
}

/** The chart, and what it leaves out. */
export function ComparedStudies({ names }: { readonly names: readonly string[] }) {
  const studies = useStudies(names);
  const [along, setAlong] = useState<Along>('trials');
  const versions = studies.map(({ version }) => version.value);
  const failed = studies.filter(({ connection }) => connection.value.state === 'failed');
  const ready = studies.filter(({ isReady, state }) => isReady.value && state.goal);
  const first = ready[0]?.state.goal;
  const objective = first && shownObjectives(first, ready[0]!.state.facts)[0]!;
  const others = ready.filter(
    ({ state }) => objective && shownObjectives(state.goal!)[0]!.direction !== objective.direction,
  );
  const shown = ready.filter((study) => !others.includes(study));
  const axes = alongOptions(shown.map(({ state }) => state));
  return (
    <>
      {failed.map(({ name, connection }) => {
        const state = connection.value;
        return state.state === 'failed' && <p key={name} class="banner">{`${name}: ${state.message}`}</p>;
      })}
      {others.length > 0 && (
        <p class="banner">{`Left out, since they go the other way: ${others.map(({ name }) => name).join(', ')}.`}</p>
      )}
      {ready.length + failed.length < studies.length || studies.length === 0 ? (
        <Loading what={`${names.length} studies`} />
      ) : objective ? (
        <div class="grid">
          <Card
            title={`Best ${objective.title} so far`}
            tools={
              axes.length > 1 && (
                <Choice
                  label="Along"
                  options={axes}
                  value={along}
                  onChange={(next: Along) => setAlong(next)}
                />
              )
            }
          >
            <Chart
              height={360}
              inputs={[...versions, along]}
              of={(width) => chartOf(shown, objective, { along, width })}
            />
          </Card>
          <Fronts studies={shown} versions={versions} />
        </div>
      ) : (
        <Message title="None of these studies can be read" />
      )}
    </>
  );
}

/** The studies of these names, followed as long as they are shown. */
function useStudies(names: readonly string[]): readonly LiveStudy[] {
  const [studies, setStudies] = useState<readonly LiveStudy[]>([]);
  const from = source.value!;
  useEffect(() => {
    const opened = names.slice(0, maxCompared).map((name) => liveStudy(from, name));
    setStudies(opened);
    return () => {
      for (const study of opened) study.close();
    };
  }, [from]);
  return studies;
}

/** What each study attains in two objectives, where all of them have the same ones. */
function Fronts({
  studies,
  versions,
}: {
  readonly studies: readonly LiveStudy[];
  readonly versions: readonly number[];
}) {
  const objectives = commonObjectives(studies);
  const pairs = objectives.flatMap((first, i) =>
    objectives
      .slice(i + 1)
      .map((second, j) => [`${i} ${i + 1 + j}`, `${first.title} and ${second.title}`] as const),
  );
  const [chosen, setChosen] = useState('0 1');
  if (pairs.length === 0) return null;
  const [first, second] = chosen.split(' ').map((i) => objectives[Number(i)]!) as [
    ShownObjective,
    ShownObjective,
  ];
  return (
    <Card
      title="Pareto fronts"
      note="The values of two objectives that each study attains: a corner a trial that none of its study beats in both."
      tools={
        pairs.length > 1 && <Choice label="Objectives" options={pairs} value={chosen} onChange={setChosen} />
      }
    >
      <Chart
        height={400}
        inputs={[...versions, chosen]}
        of={(width) =>
          attainment({
            ...{ width, height: 360, subtitle: '', share: 1, objectives: [first, second] },
            groups: studies.map(({ name, state }) => ({
              name,
              runs: [feasibleValues(comparableTrials(state), state.goal!)],
            })),
          })
        }
      />
    </Card>
  );
}

/** The objectives of these studies; none where they differ. */
function commonObjectives(studies: readonly LiveStudy[]): readonly ShownObjective[] {
  const [first, ...others] = studies.map(({ state }) => shownObjectives(state.goal!, state.facts));
  const keyOf = (objectives: readonly ShownObjective[]) =>
    objectives.map(({ metric, direction }) => `${direction} ${metric}`).join();
  return first && others.every((other) => keyOf(other) === keyOf(first)) ? first : [];
}

function chartOf(
  studies: readonly LiveStudy[],
  { metric, direction, title }: ShownObjective,
  { along, width }: { readonly along: Along; readonly width: number },
) {
  const drawn = studies.map(({ state }) => ({
    state,
    trials: objectiveValues(comparableTrials(state), metric, state.goal!),
  }));
  const { trials, axis } = placedAlong(drawn, along);
  const series = studies.map(({ name }, i) => ({ name, trials: trials[i]! }));
  return convergence({ width, height: 340, direction, value: title, series, along: axis, breaksLimit });
}
