/**
 * JSON values as cells of a table, and back. Numbers, true, false and null stand as they are, lists and objects as JSON, texts as
 * they are too, unless they would be read as something else or a spreadsheet would take them for a formula (`=1+1`,
 * `@SUM(A1)`): those are JSON texts in quotes, which no spreadsheet calculates.
 */
import type { Json } from '@foothold/core';
import { isNotFinite } from './lenient-json.ts';

/** What spreadsheets take for a formula: also the wide forms of the signs. */
const formula = /^[\t\r\n ]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** The cell of a value; empty for none. */
export function cellOf(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? textCell(value, valueOfCell) : JSON.stringify(value);
}

/** The cell of a text in a column of texts. */
export function textCellOf(text: string): string {
  return textCell(text, textOfCell);
}

function textCell(text: string, read: (cell: string) => unknown): string {
  const isPlain =
    read(text) === text && !formula.test(text) && text === text.trim() && !/[\r\n\t\0]/.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** The value of a cell; undefined for an empty one, and for a number that is not finite. */
export function valueOfCell(cell: string): Json | undefined {
  if (cell === '' || isNotFinite(cell)) return undefined;
  if (/^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  if (cell === 'null') return null;
  if (/^["[{]/.test(cell)) return parsed(cell) ?? cell;
  const value = Number(cell);
  return Number.isFinite(value) && cell.trim() !== '' ? value : cell;
}

/** The text of a cell in a column of texts. */
export function textOfCell(cell: string): string {
  const value = cell.startsWith('"') ? parsed(cell) : cell;
  return typeof value === 'string' ? value : cell;
}

function parsed(cell: string): Json | undefined {
  try {
    return JSON.parse(cell) as Json;
  } catch {
    return undefined;
  }
}
