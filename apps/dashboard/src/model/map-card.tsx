import type { Params, SearchSpace } from '@foothold/core';
import { posteriorMap } from '@foothold/viz';
import { useId, useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Card } from '../components/card.tsx';
import { addressOf, goTo } from '../route.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { objectiveValues, type ShownObjective } from '../study/objectives.ts';
import type { ModelClient } from './model-client.ts';

/** The belief over two parameters that a person picks. */
export function MapCard({
  study,
  space,
  objective,
  client,
  version,
  at,
  first,
}: {
  readonly study: LiveStudy;
  readonly space: SearchSpace;
  readonly objective: ShownObjective;
  readonly client: ModelClient;
  readonly version: number;
  /** The parameters that stay. */
  readonly at: Params;
  /** The pair that is shown until another one is picked. */
  readonly first: readonly [string, string];
}) {
  const [picked, setPicked] = useState<readonly [string, string]>();
  const active = space.columns.map(({ name }) => name).filter((name) => at[name] !== undefined);
  const [x, y] = (picked ?? first).every((name) => active.includes(name))
    ? (picked ?? first)
    : [active[0]!, active[1]!];
  if (active.length < 2) return null;
  const pick = (next: readonly [string, string]) =>
    setPicked(next[0] === next[1] ? [next[0], x === next[0] ? y : x] : next);
  return (
    <Card
      title="Two parameters"
      note="Mean and standard deviation; points are trials, which differ in the other parameters too."
      tools={
        <>
          <Pick
            label="Across"
            names={active}
            value={x}
            onChange={(name) => pick([name, name === y ? x : y])}
          />
          <Pick label="Up" names={active} value={y} onChange={(name) => pick([name === x ? y : x, name])} />
        </>
      }
    >
      <Chart
        height={360}
        inputs={[client, version, x, y, at, objective.metric]}
        onTrial={(number) => goTo(addressOf.trial(study.name, number))}
        of={(width) =>
          posteriorMap({
            ...{ width, height: 300, space, at, parameters: [x, y] },
            direction: objective.direction,
            value: objective.title,
            posterior: { marginals: (points) => client.marginals(points) },
            trials: objectiveValues(study.state.trials, objective.metric, study.state.goal!),
          })
        }
      />
    </Card>
  );
}

function Pick({
  label,
  names,
  value,
  onChange,
}: {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  onChange(name: string): void;
}) {
  const id = useId();
  return (
    <div class="pick">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
