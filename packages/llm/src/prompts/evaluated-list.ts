/** A configuration that was evaluated, as a prompt shows it: its text, and its value, or another word for what came out. */
export interface EvaluatedLine {
  readonly configuration: string;
  readonly outcome: string;
}

/** Evaluated configurations, one a line. */
export function evaluatedList(lines: readonly EvaluatedLine[]): string {
  return lines.map(({ configuration, outcome }) => `${configuration} => ${outcome}`).join('\n');
}
