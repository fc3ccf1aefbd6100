import type { Written } from './number-at.ts';

/** A named figure of an output, in the order of the text. */
export interface Figure {
  /** The names from the outside in, joined by dots: `valid.loss`. */
  readonly name: string;
  /** What stands before the object that holds it (`epoch 3: {…}`): may be written before the name, and does not distinguish figures. */
  readonly label?: string | undefined;
  readonly written: Written;
  /**
   * `sign` after `=` or `:`, `blank` after a blank or in a row of a table, `element` of a list, `holder` for what stands for an
   * object or a list and is no figure itself, `text` for a quoted value, a word, true, false or null.
   */
  readonly form: 'sign' | 'blank' | 'element' | 'holder' | 'text';
}

/** What one line says, or one object written over several lines. */
export interface OutputRecord {
  readonly text: string;
  readonly figures: readonly Figure[];
  /** The number that the whole record is. */
  readonly alone?: Written | undefined;
  /** The only number of a sentence, at its end. */
  readonly last?: Written | undefined;
  /** The record is one object of JSON or Python and nothing else. */
  readonly isObject: boolean;
}
