import stringWidth from 'string-width';

/** The rows in columns, two blanks between them; the columns of `right` are aligned to the right. */
export function textTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, k) =>
    rows.reduce((most, row) => Math.max(most, stringWidth(row[k] ?? '')), 0),
  );
  return rows
    .map((row) => {
      const cells = row.map((cell, k) => {
        const blanks = ' '.repeat(widths[k]! - stringWidth(cell));
        return right.includes(k) ? blanks + cell : cell + blanks;
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
