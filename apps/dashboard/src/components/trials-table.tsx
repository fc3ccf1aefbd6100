import type { Trial } from '@foothold/core';
import { useRef } from 'preact/hooks';
import { addressOf, goTo } from '../route.ts';
import { shownValue } from '../text.ts';
import { Swatch } from './swatch.tsx';
import type { TrialColumn, TrialTable } from './trials-table-model.ts';
import { usePrinting } from './use-printing.ts';
import { useTrialTable } from './use-trial-table.ts';
import { useVirtualRows } from './use-virtual-rows.ts';

const rowHeight = 36;

interface TrialsTableProps {
  readonly study: string;
  readonly trials: readonly Trial[];
  readonly columns: readonly TrialColumn[];
  /** Number of the best trial, which is marked. */
  readonly best?: number | undefined;
}

/** Trials as a table that can be sorted; only the rows in view are on the page. */
export function TrialsTable({ study, trials, columns, best }: TrialsTableProps) {
  const table = useTrialTable(columns, trials);
  const scroller = useRef<HTMLElement>(null);
  const rows = table.getRowModel().rows;
  const virtualizer = useVirtualRows(scroller, { count: rows.length, rowHeight });
  const isPrinting = usePrinting();
  const drawn = virtualizer.getVirtualItems();
  const [first, last] = isPrinting ? [] : [drawn[0], drawn.at(-1)];
  const indexes = isPrinting ? rows.keys() : drawn.map(({ index }) => index);
  const visible = columns.filter(({ id }) => table.getColumn(id)?.getIsVisible());
  const width = visible.reduce((sum, column) => sum + column.width, 0);
  return (
    <>
      <ColumnChoice columns={columns} table={table} />
      <section class="card table-card scroller" ref={scroller} tabIndex={0} aria-label="Table of trials">
        <table
          class="trials"
          aria-rowcount={rows.length + 1}
          style={{ minWidth: `${width}px` }}
          onKeyDown={moveBetweenRows}
        >
          <colgroup>
            {visible.map(({ id, width: own }) => (
              <col key={id} style={{ width: `${own}px` }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {visible.map((column) => (
                <Head key={column.id} column={column} table={table} />
              ))}
            </tr>
          </thead>
          <tbody>
            <Gap height={first?.start ?? 0} columns={visible.length} />
            {[...indexes].map((index) => {
              const trial = rows[index]!.original;
              return (
                <Row
                  key={trial.number}
                  study={study}
                  trial={trial}
                  columns={visible}
                  index={index}
                  isBest={trial.number === best}
                />
              );
            })}
            <Gap height={last ? virtualizer.getTotalSize() - last.end : 0} columns={visible.length} />
          </tbody>
        </table>
      </section>
    </>
  );
}

/** The height of rows that are not on the page. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  return height > 0 ? (
    <tr aria-hidden="true" class="gap">
      <td colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  ) : null;
}

function Head({
  column: { id, title, isNumber },
  table,
}: {
  readonly column: TrialColumn;
  readonly table: TrialTable;
}) {
  const column = table.getColumn(id)!;
  const order = column.getIsSorted();
  const sort = order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : 'none';
  return (
    <th scope="col" aria-sort={sort} class={isNumber ? 'number' : ''}>
      <button type="button" class="sort" title={title} onClick={() => column.toggleSorting(undefined, false)}>
        {title}
      </button>
    </th>
  );
}

function Row({
  study,
  trial,
  columns,
  index,
  isBest,
}: {
  readonly study: string;
  readonly trial: Trial;
  readonly columns: readonly TrialColumn[];
  readonly index: number;
  readonly isBest: boolean;
}) {
  const address = addressOf.trial(study, trial.number);
  return (
    <tr aria-rowindex={index + 2} class={isBest ? 'best' : ''} onClick={(event) => openRow(event, address)}>
      {columns.map(({ id, isNumber, value, text, colorOf }) => {
        const shown = text ? text(trial) : shownValue(value(trial));
        return (
          <td key={id} class={isNumber ? 'number' : ''} title={shown}>
            {id === 'number' ? (
              <a href={address}>{shown}</a>
            ) : id === 'state' ? (
              <span class="badge" data-state={shown}>
                {shown}
              </span>
            ) : (
              <>
                {colorOf && <Swatch color={colorOf(trial)} />}
                {shown}
              </>
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** A click anywhere in a row opens its trial, unless text was selected. */
function openRow(event: MouseEvent, address: string): void {
  if (event.target instanceof HTMLAnchorElement || getSelection()?.toString()) return;
  goTo(address);
}

/** The arrows up and down go from the link of one row to that of the next. */
function moveBetweenRows(event: KeyboardEvent): void {
  const step =
    event.key === 'ArrowDown'
      ? 'nextElementSibling'
      : event.key === 'ArrowUp'
        ? 'previousElementSibling'
        : undefined;
  if (!step || !(event.target instanceof HTMLAnchorElement)) return;
  const link = event.target.closest('tr')?.[step]?.querySelector('a');
  if (!link) return;
  event.preventDefault();
  link.focus();
}

function ColumnChoice({
  columns,
  table,
}: {
  readonly columns: readonly TrialColumn[];
  readonly table: TrialTable;
}) {
  return (
    <details class="column-choice">
      <summary>Columns</summary>
      <div class="popup">
        {columns.map(({ id, title }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={table.getColumn(id)?.getIsVisible() ?? false}
              onChange={(event) => table.getColumn(id)?.toggleVisibility(event.currentTarget.checked)}
            />
            {title}
          </label>
        ))}
      </div>
    </details>
  );
}
