/**
 * The command line with another study name, to copy into a POSIX shell. `from` names a study to start from: in
 * `small-to-large` it replaces the small problem.
 */
export function changedLine(
  argv: readonly string[],
  { name, from }: { readonly name: string; readonly from?: string | undefined },
): string {
  const [command = '', ...rest] = argv;
  const dropped = [
    '--name',
    ...(from !== undefined && command === 'small-to-large' ? ['--small', '--small-trials', '--from'] : []),
  ];
  const kept: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (dropped.includes(word)) i++;
    else if (!dropped.some((option) => word.startsWith(`${option}=`))) kept.push(word);
  }
  const words = [
    'foothold',
    command,
    ...kept,
    '--name',
    name,
    ...(from === undefined ? [] : ['--from', from]),
  ];
  return words.map(quoted).join(' ');
}

/** The text as one word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
