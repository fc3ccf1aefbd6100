/** The report as Markdown: what a model wrote is text there, never a link, a picture or HTML. */
export function markdownReport({
  title,
  text,
  note,
  rows,
}: {
  readonly title: string;
  /** The prose; absent where there is none. */
  readonly text?: string | undefined;
  readonly note?: string | undefined;
  readonly rows: readonly (readonly [string, string])[];
}): string {
  return [
    `# ${escaped(title)}`,
    '',
    ...(text === undefined ? [] : [escaped(text), '']),
    ...(note === undefined ? [] : [`*${escaped(note)}*`, '']),
    '## Figures',
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map((row) => `| ${row.map(escaped).join(' | ')} |`),
    '',
  ].join('\n');
}

/** A code span, such as the name of a parameter: nothing within it is markup. */
const codeSpan = /((?<!`)`[^`\n]+`(?!`))/;

function escaped(text: string): string {
  return text
    .split(codeSpan)
    .map((part, i) => (i % 2 === 1 ? part.replaceAll('|', String.raw`\|`) : escapedText(part)))
    .join('');
}

function escapedText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[[\]|*_~!#`@]/g, String.raw`\$&`)
    .replaceAll(/(www)\./gi, String.raw`$1\.`)
    .replaceAll('://', String.raw`:\/\/`);
}
