type Fields = Readonly<Record<string, unknown>>;

/**
 * A summary as Markdown: fields that are values are a list, a list of records is a table with a row for each, records by name are a table
 * whose first column is the name, and everything deeper is a section. Numbers have three significant digits.
 */
export function markdownOf(summary: unknown, level = 3): string {
  if (isPlain(summary)) return textOf(summary);
  if (Array.isArray(summary))
    return summary.every(isRow) ? table(summary) : summary.map((one) => markdownOf(one, level)).join('\n\n');
  const fields = Object.entries(summary as Fields);
  const plain = fields.filter(([, value]) => isPlain(value));
  const rest = fields.filter(([, value]) => !isPlain(value));
  const parts =
    plain.length > 0 ? [plain.map(([name, value]) => `- ${name}: ${textOf(value)}`).join('\n')] : [];
  const areRows =
    rest.length > 1 &&
    rest.every(([, value]) => isRow(value)) &&
    alike(rest.map(([, value]) => value as Fields));
  if (areRows) parts.push(table(rest.map(([name, value]) => ({ '': name, ...(value as Fields) }))));
  else
    for (const [name, value] of rest)
      parts.push(`${'#'.repeat(Math.min(level, 6))} ${name}`, markdownOf(value, level + 1));
  return parts.join('\n\n');
}

function table(rows: readonly Fields[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(names.map((name) => (name in row ? textOf(row[name]) : ''))));
  return [
    line(names),
    line(names.map((name) => (name === '' || name === names[0] ? '---' : '---:'))),
    ...body,
  ].join('\n');
}

/** Records are rows of one table where they share most of their fields. */
function alike(rows: readonly Fields[]): boolean {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return rows.every((row) => 2 * Object.keys(row).length >= names.size);
}

/** A value that fits one cell: a number, a text, or a list of these. */
function isPlain(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null))
  );
}

const isRow = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isPlain);

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(' / ');
  if (typeof value === 'number') return numberText(value);
  if (value === null || value === undefined) return '–';
  return String(value).replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en') : String(rounded);
}
