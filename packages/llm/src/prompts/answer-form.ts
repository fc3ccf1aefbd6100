import { nameText } from './configuration-text.ts';

/** The line that a configuration of an answer should be: every name with a placeholder. */
export function answerForm(names: readonly string[]): string {
  return `## ${names.map((name) => `${nameText(name)}: VALUE`).join(', ')} ##`;
}
