import { atTargetFidelity, paretoFront, trialCounts } from '@foothold/study';
import { shortNumber } from '@foothold/viz';
import { type Tile, Tiles } from '../components/tiles.tsx';
import { dayText, whenText } from '../present-time.ts';
import { addressOf } from '../route.ts';
import { shownFidelities } from '../study/fidelities.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { shownObjectives, withObjective } from '../study/objectives.ts';
import { counted } from '../text.ts';

export function hasSeveralObjectives({ state }: LiveStudy): boolean {
  return (state.goal!.objectives?.length ?? 0) > 1;
}

function bestTile(study: LiveStudy): Tile {
  const { goal, facts } = study.state;
  const best = study.best.value;
  const objective = shownObjectives(goal!, facts)[0]!;
  const value = best && withObjective([best], objective.metric)[0]!;
  return {
    name: `Best ${objective.title}`,
    value: value?.state === 'complete' ? shortNumber(value.value) : '–',
    note: best ? (
      <>
        <a href={addressOf.trial(study.name, best.number)}>trial {best.number}</a>
        {targetText(study)}
      </>
    ) : (
      'no value yet'
    ),
  };
}

/** Of several objectives no trial is the best one. */
function frontTile(study: LiveStudy): Tile {
  const { trials, goal } = study.state;
  const { length } = paretoFront(trials.filter(atTargetFidelity(study.state)), goal!);
  return {
    name: 'Pareto front',
    value: counted(length, 'trial'),
    note: length > 0 ? <a href={addressOf.study(study.name, 'front')}>the front</a> : 'no value yet',
  };
}

/** Best value or front, trials, goal, and when the study changed last. */
export function OverviewTiles({ study }: { readonly study: LiveStudy }) {
  // A component that reads a signal is drawn again for those that it reads alone.
  study.version.value;
  const { state } = study;
  const goal = state.goal!;
  const counts = trialCounts(state.trials);
  const last = state.trials.reduce((end, t) => Math.max(end, t.finishedAt ?? t.startedAt ?? 0), 0);
  const others = (['running', 'pruned', 'failed'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind].toLocaleString('en')} ${kind}`);
  return (
    <Tiles
      tiles={[
        hasSeveralObjectives(study) ? frontTile(study) : bestTile(study),
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
          value: last > 0 ? dayText(last) : '–',
          note: state.created?.at === undefined ? '' : `began ${whenText(state.created.at)}`,
        },
      ]}
    />
  );
}

/** Where the best trial is from, of several fidelities. */
function targetText({ state }: LiveStudy): string {
  const target = shownFidelities(state)?.levels.at(-1);
  return target ? `, ${target.title}` : '';
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
