import { relative } from 'node:path';

/**
 * The closing lines of a run of vitest, the last of which is `N passed, N failed, N skipped`, and whether it was good. What makes a run
 * fail is named and counted, so that a run that is not good never has 0 failed.
 *
 * results  what the reporter `json` wrote; undefined where the run ended before
 * errors   what `errors-outside-tests.mjs` wrote, `[]` where the run ended before
 * steps    names of other steps that failed
 * end      how vitest ended: `{ code, signal, said }`, the last being the end of its error output
 */
export function testSummary({ root, results, errors, steps, end }) {
  const inTests = results?.testResults.flatMap((file) => linesOfTests(file, root)) ?? [];
  const outside = errors.map(
    ({ where, what, message }) =>
      `FAILED  ${[where && relative(root, where), what, message].filter(Boolean).join(': ')}`,
  );
  const failed = inTests.filter((line) => line.startsWith('FAILED')).length;
  const others = [...outside, ...steps.map((step) => `FAILED  ${step}`)];
  const passed = results?.numPassedTests ?? 0;
  if (failed === 0 && outside.length === 0 && (end.code !== 0 || !results))
    others.push(`FAILED  vitest: ${endText(end, results)}`);
  else if (passed === 0 && failed === 0 && others.length === 0) others.push('FAILED  vitest: no test ran');
  const skipped = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  const sum = failed + others.length;
  return {
    isGood: sum === 0,
    lines: [...inTests, ...others, `${passed} passed, ${sum} failed, ${skipped} skipped`],
  };
}

function linesOfTests({ name, assertionResults }, root) {
  return assertionResults.flatMap(({ status, fullName }) => {
    const label = { failed: 'FAILED ', pending: 'SKIPPED', skipped: 'SKIPPED' }[status];
    return label ? [`${label} ${relative(root, name)}: ${fullName}`] : [];
  });
}

/** What is known of an end that no test and no error explains. */
function endText({ code, signal, said }, results) {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const when = results ? 'though no test failed' : 'before it wrote its results';
  return `${how}, ${when}${said ? `; the end of what it said:\n${said}` : ''}`;
}
