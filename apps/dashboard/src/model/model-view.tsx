import type { Params, SearchSpace } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { useMemo, useState } from 'preact/hooks';
import { Loading, Message } from '../components/states.tsx';
import { useObjective } from '../components/use-objective.tsx';
import type { ShownObjective } from '../study/objectives.ts';
import { counted } from '../text.ts';
import type { ViewProps } from '../views/view-props.ts';
import { type ChosenPoint, pointAt } from './chosen-point.ts';
import { ImportanceCards } from './importance-cards.tsx';
import { MapCard } from './map-card.tsx';
import type { ModelClient } from './model-client.ts';
import type { ShownModel } from './model-follower.ts';
import type { ModelSlice } from './model-slices.ts';
import { type SlicesAt, SlicesCard } from './slices-card.tsx';
import { useAnswer } from './use-answer.ts';
import { useStudyModel } from './use-study-model.ts';
import { WhatIfCard } from './what-if-card.tsx';

/** What the model believes between the trials. */
export function ModelView({ study }: ViewProps) {
  study.version.value;
  const { space } = study.state;
  const { objective, choice } = useObjective(study.state);
  const text = JSON.stringify(space);
  const own = useMemo(() => (space ? (spaceOf(space) as SearchSpace) : undefined), [text]);
  if (!own)
    return (
      <Message title="There is no model of this study">
        <p>Its log does not describe the space.</p>
      </Message>
    );
  return (
    <div class="grid">
      {choice}
      <ModelOf key={`${objective.metric} ${text}`} study={study} space={own} objective={objective} />
    </div>
  );
}

interface ModelProps extends ViewProps {
  readonly space: SearchSpace;
  readonly objective: ShownObjective;
}

function ModelOf(props: ModelProps) {
  const { model, client } = useStudyModel(props.study, props.objective);
  if (model.state === 'ready' && client) return <Ready {...props} model={model} client={client} />;
  switch (model.state) {
    case 'too-few':
      return (
        <Message title="Too few trials for a model">
          <p>It needs two complete trials, one of which keeps the limits of the goal.</p>
        </Message>
      );
    case 'unavailable':
      return (
        <Message title="The model is not in this page">
          <p>It is computed by a worker, which this page does not have. The dashboard of a server has it.</p>
        </Message>
      );
    case 'failed':
      return (
        <Message title="The model could not be fitted" isFault>
          <p>{model.message}</p>
        </Message>
      );
    default:
      return <Loading what="the model" />;
  }
}

function Ready({
  study,
  space,
  objective,
  model,
  client,
}: ModelProps & {
  readonly model: Extract<ShownModel, { readonly state: 'ready' }>;
  readonly client: ModelClient;
}) {
  const { best } = model.summary;
  const [chosen, setChosen] = useState<ChosenPoint>();
  const [slicesAt, setSlicesAt] = useState<SlicesAt>('best');
  const bestPoint = useMemo(() => pointAt(space, best.params), [space, best.number]);
  const point = chosen ?? bestPoint;
  const at: Params = slicesAt === 'best' ? bestPoint.params : point.params;
  const { value: slices = [] } = useAnswer(() => client.slices(at), [client, model.version, at]);
  const range = useMemo(() => rangeOf(slices, best.value), [slices, best.value]);
  const [pair] = model.importance?.pairs ?? [];
  const columns = space.columns.map(({ name }) => name);
  return (
    <>
      <ModelNote study={study} model={model} />
      <WhatIfCard {...{ study, space, objective, model, client, point, range }} onPoint={setChosen} />
      <SlicesCard
        {...{ study: study.name, slices, range, best, title: objective.title, at: slicesAt }}
        onAt={setSlicesAt}
      />
      <MapCard
        {...{ study, space, objective, client, at, version: model.version }}
        first={pair?.names ?? [columns[0]!, columns[1]!]}
      />
      <ImportanceCards importance={model.importance} />
    </>
  );
}

/** From the lowest to the highest end of an interval, and the best value. */
function rangeOf(slices: readonly ModelSlice[], best: number): readonly [low: number, high: number] {
  let [low, high] = [best, best];
  for (const slice of slices) {
    for (const v of slice.low) low = Math.min(low, v);
    for (const v of slice.high) high = Math.max(high, v);
  }
  return [low, high];
}

/** What was fitted to what. */
function ModelNote({
  study,
  model,
}: ViewProps & { readonly model: Extract<ShownModel, { readonly state: 'ready' }> }) {
  const { rows, trials } = model.summary;
  const all = counted(trials, 'finished trial');
  const sources = sourcesOf(study);
  return (
    <p class="model-note">
      The default sampler’s Gaussian process, fitted in this page to{' '}
      {rows < trials
        ? `${rows.toLocaleString('en')} of ${all}: the best ones, an even part of the others, and the latest. It chooses them itself where a history is long, since a fit is cubic in them.`
        : `${all}.`}{' '}
      {sources > 0 &&
        `It does not know the ${sources === 1 ? 'earlier study' : `${sources} earlier studies`} that the sampler starts from: the log does not hold ${sources === 1 ? 'it' : 'them'}.`}
    </p>
  );
}

function sourcesOf({ state }: ViewProps['study']): number {
  const sampler = state.configured?.sampler as
    | { readonly options?: { readonly transfer?: readonly unknown[] } }
    | null
    | undefined;
  return Array.isArray(sampler?.options?.transfer) ? sampler.options.transfer.length : 0;
}
