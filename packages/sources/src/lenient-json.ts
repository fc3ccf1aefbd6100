/** A text, or one of the three numbers that JSON lacks and Python writes. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs;
/** Stands before the names of such numbers while the rest is parsed; JSON texts hold it in no other way than escaped. */
const sign = '\\u0000number ';
const numbers: ReadonlyMap<unknown, number> = new Map([
  ['\0number NaN', Number.NaN],
  ['\0number -NaN', Number.NaN],
  ['\0number Infinity', Infinity],
  ['\0number -Infinity', -Infinity],
]);

/**
 * The value of a JSON text, also with NaN, Infinity and -Infinity as numbers. Throws SyntaxError; also for a
 * name that an object has twice (which value was meant is not known), and for more than 200 levels.
 */
export function lenientJson(text: string): unknown {
  const value = parsed(text);
  if (!hasEveryName(text, value)) checkNames(text);
  return value;
}

/**
 * True where the value has as many names, and colons in its texts, as the text has colons: then no name was there twice, and the
 * value is not nested too deep. A quick look, for texts without escapes that stand for other characters.
 */
function hasEveryName(text: string, value: unknown): boolean {
  return !text.includes('\\u') && colonsIn(text) === namesIn(value, 0);
}

function colonsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count++;
  return count;
}

/** Names and colons in a value; NaN where it is nested too deep. */
function namesIn(value: unknown, level: number): number {
  if (typeof value === 'string') return colonsIn(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (level === maxLevels) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) for (const inner of value) count += namesIn(inner, level + 1);
  else
    for (const name of Object.keys(value))
      count += 1 + colonsIn(name) + namesIn((value as Readonly<Record<string, unknown>>)[name], level + 1);
  return count;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = text.replace(tokens, (token) => (token.startsWith('"') ? token : `"${sign}${token}"`));
    if (quoted === text) throw asSyntax(error);
    try {
      return JSON.parse(quoted, (_, inner: unknown) => numbers.get(inner) ?? inner);
    } catch (other) {
      throw asSyntax(other);
    }
  }
}

/** A text that is nested too deep for the parser ends in a RangeError. */
function asSyntax(error: unknown): SyntaxError {
  return error instanceof SyntaxError ? error : new SyntaxError('it is nested too deep');
}

const parts = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs;

/** Levels of objects and lists; what prints or compares values much deeper ends the process. */
const maxLevels = 200;

/** Throws SyntaxError where an object of this JSON text has a name twice, or is nested too deep. */
function checkNames(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [part] of text.matchAll(parts)) {
    if (part === '{' || part === '[') {
      if (open.push(part === '{' ? new Set() : undefined) > maxLevels)
        throw new SyntaxError(`it is nested deeper than ${maxLevels} levels`);
    } else if (part === '}' || part === ']') open.pop();
    else if (part === ':') {
      const name = last.includes('\\') ? (JSON.parse(last) as string) : last.slice(1, -1);
      const names = open.at(-1);
      if (names?.has(name)) throw new SyntaxError(`the name ${last} is there twice in one object`);
      names?.add(name);
    } else last = part;
  }
}

/** True for what a number that is not finite is written as. */
export function isNotFinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'string' && /^\s*[-+]?(nan|inf|infinity)\s*$/i.test(value);
}
