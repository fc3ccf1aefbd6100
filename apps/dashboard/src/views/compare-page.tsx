import { comparableTrials } from '@foothold/study';
import { convergence } from '@foothold/viz';
import { useEffect, useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { Chart } from '../charts/chart.tsx';
import { Card, Choice } from '../components/card.tsx';
import { Loading, Message } from '../components/states.tsx';
import { addressOf } from '../route.ts';
import { type Along, alongOptions, placedAlong } from '../study/along.ts';
import { type LiveStudy, liveStudy } from '../study/live-study.ts';
import { feasibleValues, type ShownObjective, shownObjectives, withObjective } from '../study/objectives.ts';
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
  const [studies, setStudies] = useState<readonly LiveStudy[]>([]);
  const [along, setAlong] = useState<Along>('trials');
  const from = source.value!;
  useEffect(() => {
    const opened = names.slice(0, maxCompared).map((name) => liveStudy(from, name));
    setStudies(opened);
    return () => {
      for (const study of opened) study.close();
    };
  }, [from]);
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
        <Card
          title={`Best ${objective.title} so far`}
          tools={
            axes.length > 1 && (
              <Choice label="Along" options={axes} value={along} onChange={(next: Along) => setAlong(next)} />
            )
          }
        >
          <Chart
            height={360}
            inputs={[...versions, along]}
            of={(width) => chartOf(shown, objective, { along, width })}
          />
        </Card>
      ) : (
        <Message title="None of these studies can be read" />
      )}
    </>
  );
}

function chartOf(
  studies: readonly LiveStudy[],
  { metric, direction, title }: ShownObjective,
  { along, width }: { readonly along: Along; readonly width: number },
) {
  const drawn = studies.map(({ state }) => ({
    state,
    trials: feasibleValues(withObjective(comparableTrials(state), metric), state.goal!),
  }));
  const { trials, axis } = placedAlong(drawn, along);
  const series = studies.map(({ name }, i) => ({ name, trials: trials[i]! }));
  return convergence({ width, height: 340, direction, value: title, series, along: axis });
}
