/** By which column rows are in order. */
export interface Sorting<Column extends string> {
  readonly by: Column;
  readonly isDescending: boolean;
}

/** The head of a column that can be sorted. */
export function SortButton<Column extends string>({
  id,
  text,
  sorting,
  onChange,
}: {
  readonly id: Column;
  readonly text: string;
  readonly sorting: Sorting<Column>;
  onChange(sorting: Sorting<Column>): void;
}) {
  const isOwn = sorting.by === id;
  return (
    <th scope="col" aria-sort={isOwn ? (sorting.isDescending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        class="sort"
        onClick={() => onChange({ by: id, isDescending: isOwn && !sorting.isDescending })}
      >
        {text}
      </button>
    </th>
  );
}
