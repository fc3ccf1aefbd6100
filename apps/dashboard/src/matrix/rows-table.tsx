import { shortNumber } from '@foothold/viz';
import { Card } from '../components/card.tsx';
import type { MatrixBelief } from './matrix-belief.ts';

/** Rows of the table. */
const maxRows = 10;
/** Standard deviations on each side of a mean that hold 95 % of a normal distribution. */
const z95 = 1.96;

/** The rows that are most probably the best, in numbers. */
export function RowsTable({ belief }: { readonly belief: MatrixBelief }) {
  const { rows, known, rowMean, rowStandardDeviation, probability } = belief;
  const m = known.columns;
  const ranked = [...rows.keys()].sort((a, b) => probability[b]! - probability[a]!).slice(0, maxRows);
  const knownIn = (row: number) =>
    known.data.subarray(row * m, (row + 1) * m).filter((value) => !Number.isNaN(value)).length;
  return (
    <Card title={rows.length > maxRows ? `The ${maxRows} most probable rows` : 'Rows'}>
      <section class="table-scroll" aria-label="Rows in numbers" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col" class="number">
                Mean
              </th>
              <th scope="col" class="number">
                95 % interval
              </th>
              <th scope="col" class="number">
                Best with probability
              </th>
              <th scope="col" class="number">
                Cells known
              </th>
            </tr>
          </thead>
          <tbody>
            {ranked.map((row) => (
              <tr key={rows[row]} class={row === belief.best.row ? 'best' : ''}>
                <th scope="row">{rows[row]}</th>
                <td class="number">{shortNumber(rowMean[row]!)}</td>
                <td class="number">
                  {shortNumber(rowMean[row]! - z95 * rowStandardDeviation[row]!)} to{' '}
                  {shortNumber(rowMean[row]! + z95 * rowStandardDeviation[row]!)}
                </td>
                <td class="number">{(100 * probability[row]!).toFixed(1)} %</td>
                <td class="number">
                  {knownIn(row)} of {m}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
