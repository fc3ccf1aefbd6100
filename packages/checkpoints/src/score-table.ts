import { InvalidArgumentError, type Matrix, matrix } from '@foothold/core';
import { ScoreTableError } from './errors.ts';
import type { RowOption } from './options.ts';

/** A matrix of scores with its names; NaN where unobserved. */
export interface ScoreTable {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly scores: Matrix;
}

const unobserved = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-', '?']);

/**
 * Reads a table of scores: one header line with the columns' names, then a line a row that starts with its name. Separated by
 * tabs where the header has one, else by semicolons or commas; fields may stand in double quotes. Empty fields, NaN, NA, null,
 * - and ? are unobserved. Throws ScoreTableError with the line for ragged lines, text where a number belongs, infinite
 * numbers, names that are empty or occur twice, and tables without rows or columns.
 */
export function readScoreTable(text: string): ScoreTable {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const head = lines.findIndex((line) => line.trim() !== '');
  if (head < 0) throw new ScoreTableError(1, 'the table is empty');
  const separator = ['\t', ';', ','].find((s) => lines[head]!.includes(s)) ?? ',';
  const columns = fieldsOf(lines[head]!, { separator, line: head + 1 }).slice(1);
  if (columns.length === 0)
    throw new ScoreTableError(
      head + 1,
      'the header names no columns: a tab, semicolon or comma separates fields',
    );
  checkNames(columns, { line: head + 1, what: 'column' });
  const rows: string[] = [];
  const values: number[] = [];
  const seen = new Set<string>();
  for (let at = head + 1; at < lines.length; at++) {
    if (lines[at]!.trim() === '') continue;
    const fields = fieldsOf(lines[at]!, { separator, line: at + 1 });
    if (fields.length !== columns.length + 1)
      throw new ScoreTableError(
        at + 1,
        `${fields.length} fields, not ${columns.length + 1} as in the header`,
      );
    const name = fields[0]!;
    if (name === '') throw new ScoreTableError(at + 1, 'the row has no name');
    if (seen.has(name)) throw new ScoreTableError(at + 1, `row ${JSON.stringify(name)} occurs twice`);
    seen.add(name);
    rows.push(name);
    fields.slice(1).forEach((field, j) => {
      const value = unobserved.has(field.toLowerCase()) ? Number.NaN : Number(field);
      if (!unobserved.has(field.toLowerCase()) && !Number.isFinite(value))
        throw new ScoreTableError(
          at + 1,
          `${JSON.stringify(field)} in column ${columns[j]} is no finite number`,
        );
      values.push(value);
    });
  }
  if (rows.length === 0) throw new ScoreTableError(lines.length, 'the table has no rows');
  return { rows, columns, scores: matrix(rows.length, columns.length, Float64Array.from(values)) };
}

/** Writes a table that `readScoreTable` reads back exactly; unobserved cells are empty. */
export function writeScoreTable(table: ScoreTable, separator: '\t' | ',' | ';' = '\t'): string {
  const quoted = (name: string): string =>
    /["\t,;\r\n]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  const m = table.columns.length;
  const lines = [['row', ...table.columns.map(quoted)].join(separator)];
  table.rows.forEach((name, i) => {
    const scores = Array.from(table.scores.data.subarray(i * m, (i + 1) * m), (v) =>
      Number.isNaN(v) ? '' : String(v),
    );
    lines.push([quoted(name), ...scores].join(separator));
  });
  return `${lines.join('\n')}\n`;
}

/**
 * Rows with the positions that their names end in (`checkpoint-100`, `step_2000.pt`, `12`): the last number of the name, where
 * every name has one and all differ; else the names alone, unordered.
 */
export function rowsOf(names: readonly string[]): readonly RowOption[] {
  const positions = names.map((name) =>
    Number(/(\d+(?:\.\d+)?)(?:\.[A-Za-z]\w*)?\/?$/.exec(name.trim())?.[1] ?? Number.NaN),
  );
  const ordered =
    positions.length > 1 &&
    positions.every((p) => Number.isFinite(p)) &&
    new Set(positions).size === names.length;
  return ordered ? names.map((name, i) => ({ name, position: positions[i]! })) : names;
}

/** Cells that a budget allows: a count ("40"), or a share of the matrix ("5%", "0.5 %"). Throws InvalidArgumentError. */
export function cellsOfBudget(
  budget: string | number,
  size: { readonly rows: number; readonly columns: number },
): number {
  const text = String(budget).trim();
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const total = size.rows * size.columns;
  const cells = share ? Math.round((Number(share[1]) / 100) * total) : Number(text);
  if (text === '' || !Number.isInteger(cells) || cells < 0 || cells > total)
    throw new InvalidArgumentError(
      'budget',
      budget,
      `a number of cells up to ${total}, or a share such as 5%`,
    );
  return cells;
}

function fieldsOf(
  text: string,
  { separator, line }: { readonly separator: string; readonly line: number },
): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= text.length) {
    if (text[at] === '"') {
      let field = '';
      at++;
      while (true) {
        const end = text.indexOf('"', at);
        if (end < 0) throw new ScoreTableError(line, 'a quote is not closed');
        field += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
      if (at < text.length && text[at] !== separator)
        throw new ScoreTableError(line, `text after the closing quote of ${JSON.stringify(field)}`);
      fields.push(field);
      at++;
      continue;
    }
    const end = text.indexOf(separator, at);
    fields.push(text.slice(at, end < 0 ? text.length : end).trim());
    if (end < 0) break;
    at = end + 1;
  }
  return fields;
}

function checkNames(
  names: readonly string[],
  { line, what }: { readonly line: number; readonly what: string },
): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (name === '') throw new ScoreTableError(line, `a ${what} has no name`);
    if (seen.has(name)) throw new ScoreTableError(line, `${what} ${JSON.stringify(name)} occurs twice`);
    seen.add(name);
  }
}
