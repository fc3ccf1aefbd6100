import { type ScoreMatrix, scoreMatrixOf } from '@foothold/checkpoints';
import { bestProbability, rowMeans, shortNumber } from '@foothold/viz';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Card } from '../components/card.tsx';
import { Loading, Message } from '../components/states.tsx';
import { Tiles } from '../components/tiles.tsx';
import { type ModelClient, modelClient } from '../model/model-client.ts';
import { useAnswer } from '../model/use-answer.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { counted } from '../text.ts';
import type { ViewProps } from '../views/view-props.ts';
import { CellsCard } from './cells-card.tsx';
import { CorrelationsCard, CurveCard } from './columns-cards.tsx';
import type { CellTrial, MatrixBelief } from './matrix-belief.ts';
import { RowsTable } from './rows-table.tsx';

/** A score matrix: which cells are known, what is believed of the rows, and how sure that is. */
export function MatrixView({ study }: ViewProps) {
  study.version.value;
  const scores = scoreMatrixOf(study.state.facts);
  const client = useClient();
  if (!scores)
    return (
      <Message title="The matrix cannot be read" isFault>
        <p>Its facts are of a form that this page does not know.</p>
      </Message>
    );
  return client ? <Matrix study={study} scores={scores} client={client} /> : <Loading what="the matrix" />;
}

function useClient(): ModelClient | undefined {
  const [client, setClient] = useState<ModelClient>();
  useEffect(() => {
    const made = modelClient();
    setClient(made);
    return () => made.close();
  }, []);
  return client;
}

interface MatrixProps extends ViewProps {
  readonly scores: ScoreMatrix;
  readonly client: ModelClient;
}

function Matrix({ study, scores, client }: MatrixProps) {
  const version = study.version.value;
  const [chosen, setChosen] = useState<number>();
  const { trials } = study.state;
  const end = Math.min(chosen ?? trials.length, trials.length);
  const posted = useMemo(() => trials.map(cellTrial), [study, version]);
  const { value, fault } = useAnswer(
    async () => ({ belief: await client.matrix(scores, posted.slice(0, end)) }),
    [client, posted, end],
  );
  const moments = useAnswer(() => client.matrixHistory(scores, posted), [client, posted]);
  if (fault !== undefined && !value)
    return (
      <Message title="The matrix could not be computed" isFault>
        <p>{fault}</p>
      </Message>
    );
  if (!value) return <Loading what="the matrix" />;
  const { belief } = value;
  const moment =
    trials.length > 1 ? (
      <MomentControl
        end={end}
        last={trials.length}
        onChange={(to) => setChosen(to === trials.length ? undefined : to)}
      />
    ) : null;
  if (!belief)
    return (
      <div class="grid">
        {moment}
        <NoCellYet scores={scores} />
      </div>
    );
  return (
    <div class="grid">
      <MatrixTiles belief={belief} />
      {moment}
      <CellsCard belief={belief} queued={end === trials.length ? study.state.queue : []} />
      <RowsCard belief={belief} />
      <BestCard belief={belief} moments={moments.value} />
      <CurveCard belief={belief} />
      <CorrelationsCard belief={belief} />
      <RowsTable belief={belief} />
    </div>
  );
}

function NoCellYet({ scores: { rows, columns } }: { readonly scores: ScoreMatrix }) {
  return (
    <Message title="No cell is known yet">
      <p>
        {counted(rows.length, 'row')} and {counted(columns.length, 'column')}; cells appear here as they are
        evaluated.
      </p>
    </Message>
  );
}

function BestCard({
  belief,
  moments,
}: {
  readonly belief: MatrixBelief;
  readonly moments: Awaited<ReturnType<ModelClient['matrixHistory']>> | undefined;
}) {
  return (
    <Card
      title="Probability of being the best"
      class="half"
      note="Of the rows that lead now or led before, over the cells that were known."
    >
      {moments ? (
        <Chart
          height={260}
          inputs={[moments]}
          of={(width) => bestProbability({ width, height: 240, rowNames: belief.rows, moments: moments })}
        />
      ) : (
        <Loading what="earlier moments" />
      )}
    </Card>
  );
}

/** What the worker needs of a trial. */
function cellTrial(trial: LiveStudy['state']['trials'][number]): CellTrial {
  const { number, params, state, samplerState, loaded } = trial;
  return {
    ...{ number, params, state },
    ...(samplerState && { samplerState }),
    ...(loaded && { loaded }),
    ...(trial.state === 'complete' && { value: trial.value }),
  };
}

function MatrixTiles({ belief }: { readonly belief: MatrixBelief }) {
  const { best, decision, known, pending } = belief;
  const count = known.data.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  const all = known.data.length;
  return (
    <Tiles
      tiles={[
        {
          name: 'Best row',
          value: best.name,
          note: `${shortNumber(best.mean)} ± ${shortNumber(best.standardDeviation)}`,
        },
        {
          name: 'Probability of being the best',
          value: percent(best.probability),
          note: `${percent(decision.probability)} within ${shortNumber(decision.tolerance)} of it`,
        },
        {
          name: 'Cells known',
          value: count.toLocaleString('en'),
          note: `of ${all.toLocaleString('en')} (${percent(count / all)})${pending.length > 0 ? `, ${pending.length} pending` : ''}`,
        },
        {
          name: 'Decision',
          value: decision.stop ? 'Stop here' : 'Go on',
          note: `${decision.reason}, expected loss ${shortNumber(decision.expectedRegret)}`,
        },
      ]}
    />
  );
}

/** Which trials are taken account of. */
function MomentControl({
  end,
  last,
  onChange,
}: {
  readonly end: number;
  readonly last: number;
  onChange(end: number): void;
}) {
  return (
    <div class="moment">
      <label for="moment">
        After {end === last ? `all ${counted(last, 'trial')}` : `${end} of ${counted(last, 'trial')}`}
      </label>
      <input
        id="moment"
        type="range"
        min={1}
        max={last}
        value={end}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
      <button type="button" disabled={end === last} onClick={() => onChange(last)}>
        Now
      </button>
    </div>
  );
}

function RowsCard({ belief }: { readonly belief: MatrixBelief }) {
  const { rows, positions, rowMean, rowStandardDeviation, best } = belief;
  return (
    <Card
      title="Row means"
      class="half"
      note="Posterior mean of each row with its 95 % interval; the best row is orange."
    >
      <Chart
        height={260}
        inputs={[belief]}
        of={(width) =>
          rowMeans({
            width,
            ...(positions && { height: 240 }),
            rows: rows.map((name, i) => ({
              ...{ name, mean: rowMean[i]!, variance: rowStandardDeviation[i]! ** 2 },
              ...(positions && { position: positions[i]! }),
            })),
            chosen: best.row,
            subtitle: '',
          })
        }
      />
    </Card>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0.995 || share < 0.1 ? 1 : 0)} %`;
}
