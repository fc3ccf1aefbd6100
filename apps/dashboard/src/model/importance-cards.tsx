import type { ModelImportance } from '@foothold/study-model';
import { importance as importanceChart } from '@foothold/viz';
import { useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Card, Choice } from '../components/card.tsx';

/** Pairs that are shown at most. */
const maxPairs = 10;
/** Pixels of a bar and of an axis. */
const [bar, axis] = [30, 60];

/** What each parameter, and each pair beyond both alone, explains of the model. */
export function ImportanceCards({ importance }: { readonly importance: ModelImportance | undefined }) {
  const [kind, setKind] = useState<'alone' | 'total'>('alone');
  if (!importance)
    return (
      <Card title="Importance">
        <p class="muted" role="status">
          Functions are drawn from the model …
        </p>
      </Card>
    );
  if (!importance.varies)
    return (
      <Card title="Importance">
        <p class="muted">The model sees no effect of any parameter yet.</p>
      </Card>
    );
  return (
    <>
      <Card
        title="Importance"
        class="half"
        note="Share of the model’s variation over the whole space (Sobol indices). The lines are 90 % intervals over functions drawn from the model."
        tools={
          <Choice
            label="Importance"
            options={[
              ['alone', 'Alone'],
              ['total', 'With interactions'],
            ]}
            value={kind}
            onChange={(next: 'alone' | 'total') => setKind(next)}
          />
        }
      >
        <Chart
          height={importance.parameters.length * bar + axis}
          inputs={[importance, kind]}
          of={(width) =>
            importanceChart({
              ...{ width, height: importance.parameters.length * bar },
              importances: importance.parameters.map((parameter) => ({
                name: parameter.name,
                ...parameter[kind],
              })),
            })
          }
        />
      </Card>
      <PairsCard pairs={importance.pairs} />
    </>
  );
}

function PairsCard({ pairs }: Pick<ModelImportance, 'pairs'>) {
  const shown = pairs.slice(0, maxPairs);
  if (shown.length === 0) return null;
  const rest = pairs.length - shown.length;
  return (
    <Card
      title="Interaction of pairs"
      class="half"
      note={`What two parameters explain together beyond both alone, of the predictive mean.${rest > 0 ? ` The ${maxPairs} strongest of ${pairs.length} pairs.` : ''}`}
    >
      <Chart
        height={shown.length * bar + axis}
        inputs={[pairs]}
        of={(width) =>
          importanceChart({
            ...{ width, height: shown.length * bar },
            importances: shown.map(({ names, share }) => ({ name: names.join(' × '), share })),
          })
        }
      />
    </Card>
  );
}
