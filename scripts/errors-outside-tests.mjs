import { writeFileSync } from 'node:fs';

/**
 * A reporter of vitest: writes what failed outside of any test, a JSON list of `{ where, what, message }`, to the file at
 * FOOTHOLD_TEST_ERRORS. That are errors that no test caught (a promise that nobody awaits, a worker that died), and those of a file
 * or a suite itself (its import, its hooks). The reporter `json` has the file's own alone.
 */
class ErrorsOutsideTests {
  onTestRunEnd(modules, unhandled) {
    const errors = [...unhandled.map(ofUnhandled), ...modules.flatMap(ofModule)];
    writeFileSync(process.env.FOOTHOLD_TEST_ERRORS, JSON.stringify(errors));
  }
}

/** The file is that of the test that ran; the one at the top of the stack where vitest does not know. */
function ofUnhandled(error) {
  return {
    where: error.VITEST_TEST_PATH ?? error.stacks?.map(({ file }) => file).find(isOurs) ?? '',
    what: error.type ?? 'Unhandled Error',
    message: textOf(error),
  };
}

/** Neither of a package nor of Node. */
const isOurs = (place) => !/node_modules|node:/.test(place);

function ofModule(module) {
  const suites = [...module.children.allSuites()].map((suite) => ({ name: suite.fullName, found: suite }));
  return [{ name: '', found: module }, ...suites].flatMap(({ name, found }) =>
    found.errors().map((error) => ({
      where: module.moduleId,
      what: name || 'the file itself',
      message: textOf(error),
    })),
  );
}

/** The error and what caused it, a line each, with the place where each was thrown. */
function textOf(error) {
  const lines = [];
  for (let at = error; at && lines.length < 10; at = at.cause) {
    const { name = 'Error', message = String(at), stack = '' } = typeof at === 'object' ? at : {};
    const place = stack.split('\n').find((line) => /^\s+at /.test(line) && isOurs(line));
    // vitest puts "Caused by: " before the name of a cause
    const label = lines.length > 0 ? `caused by ${name.replace(/^Caused by: /, '')}` : name;
    lines.push(`${label}: ${message}${place ? ` (${place.trim()})` : ''}`);
  }
  return lines.join('\n');
}

// biome-ignore lint/style/noDefaultExport: vitest takes the default export of a reporter's file
export default ErrorsOutsideTests;
