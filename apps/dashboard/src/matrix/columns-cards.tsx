import { taskChart } from '@foothold/checkpoints';
import { correlationMap } from '@foothold/viz';
import { useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Card } from '../components/card.tsx';
import type { MatrixBelief } from './matrix-belief.ts';

/** Pixels of axes and paddings beside a plot of several panels, whose `width` is that of the plot. */
const besidePlot = 80;

interface BeliefProps {
  readonly belief: MatrixBelief;
}

/** How alike the columns are over the rows. */
export function CorrelationsCard({ belief }: BeliefProps) {
  const { columns, correlations } = belief;
  const height = Math.min(Math.max(columns.length * 28, 160), 420);
  return (
    <Card
      title="Correlations of columns"
      class="half"
      note="Over the rows, between the expected scores of each two columns."
    >
      <Chart
        height={height + 90}
        inputs={[belief]}
        of={(width) => correlationMap({ width, height, correlations, names: columns })}
      />
    </Card>
  );
}

/** One column over the rows: what is known, what is expected, and where evaluating it pays most. */
export function CurveCard({ belief }: BeliefProps) {
  const { rows, columns, positions, known } = belief;
  const [chosen, setChosen] = useState(() => fullestColumn(belief));
  const column = Math.min(chosen, columns.length - 1);
  const study = {
    ...{ rows, columns, known: () => known, acquisition: () => belief.acquisition },
    cells: () => ({ mean: belief.mean, standardDeviation: belief.standardDeviation }),
  };
  return (
    <Card
      title="Scores of a column"
      class="half"
      note="Expected scores with their 95 % interval and the known ones; below, the acquisition of evaluating each row there."
      tools={
        <select
          aria-label="Column"
          value={column}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        >
          {columns.map((name, at) => (
            <option key={name} value={at}>
              {name}
            </option>
          ))}
        </select>
      }
    >
      <Chart
        height={360}
        inputs={[belief, column]}
        of={(width) => taskChart(study, column, { width: width - besidePlot, height: 220, positions })}
      />
    </Card>
  );
}

/** The column of which most cells are known, the first of several. */
function fullestColumn({ known }: MatrixBelief): number {
  const count = new Float64Array(known.columns);
  known.data.forEach((value, at) => {
    if (!Number.isNaN(value)) count[at % known.columns]!++;
  });
  return count.reduce((most, own, at) => (own > count[most]! ? at : most), 0);
}
