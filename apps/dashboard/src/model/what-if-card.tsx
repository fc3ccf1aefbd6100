import type { SpaceDescription } from '@foothold/core';
import { useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { Card } from '../components/card.tsx';
import type { LiveStudy } from '../study/live-study.ts';
import { type ChosenPoint, pointAt } from './chosen-point.ts';
import { PointBelief } from './point-belief.tsx';
import { PointControls } from './point-controls.tsx';
import { SuggestionsPart } from './suggestions-part.tsx';
import { useAnswer } from './use-answer.ts';
import type { WhatIfProps } from './what-if-props.ts';

/** A point that a person moves, what the model believes there, and what can be done with it. */
export function WhatIfCard(props: WhatIfProps) {
  const { study, space, objective, model, client, point, range, onPoint } = props;
  const { best } = model.summary;
  const { value, fault } = useAnswer(() => client.believe([point.params]), [client, model.version, point]);
  const limits = study.state.goal?.constraints ?? [];
  return (
    <Card
      title="What if"
      note="Move a parameter: the model says what it expects there."
      tools={
        <button type="button" onClick={() => onPoint(pointAt(space, best.params))}>
          Back to the best trial
        </button>
      }
    >
      <div class="what-if">
        <PointControls
          space={space}
          description={study.state.space as SpaceDescription}
          point={point}
          onPoint={onPoint}
        />
        <div class="what-if-side">
          <PointBelief beliefs={value} best={best} objective={objective} range={range} />
          {fault !== undefined && <p class="fault">The model gives no answer: {fault}</p>}
          {point.violation !== undefined && (
            <p class="fault">These parameters are not allowed: {point.violation}</p>
          )}
          {limits.length > 0 && (
            <p class="muted">
              Whether {limits.map(({ metric }) => metric).join(', ')} {limits.length > 1 ? 'keep' : 'keeps'}{' '}
              within the limits of the goal is not part of this.
            </p>
          )}
          <EnqueueButton study={study} point={point} />
        </div>
      </div>
      <SuggestionsPart {...props} />
    </Card>
  );
}

type Progress = { readonly at: ChosenPoint; readonly text: string; readonly isFault: boolean };

/** Puts the point into the queue of the study; nothing where the page may only read. */
function EnqueueButton({ study, point }: { readonly study: LiveStudy; readonly point: ChosenPoint }) {
  const [progress, setProgress] = useState<Progress>();
  const [isBusy, setIsBusy] = useState(false);
  const actions = source.value?.actions;
  if (!actions) return null;
  const enqueue = async () => {
    setIsBusy(true);
    try {
      await actions.enqueue(study.name, point.params);
      setProgress({ at: point, text: 'Enqueued: the next worker that asks gets it.', isFault: false });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      setProgress({ at: point, text: `Not enqueued: ${text}`, isFault: true });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div class="enqueue">
      <button
        type="button"
        class="primary"
        disabled={isBusy || point.violation !== undefined}
        onClick={() => void enqueue()}
      >
        Enqueue this point
      </button>
      <p role="status" class={progress?.isFault ? 'fault' : 'muted'}>
        {progress?.at === point ? progress.text : ''}
      </p>
    </div>
  );
}
