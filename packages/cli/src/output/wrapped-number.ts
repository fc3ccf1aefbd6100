import { isBlank, isDigit, numberAt, startsNumber, type WrittenAt, wholeNumber } from './number-at.ts';

/** What Python prints around one number: NumPy, PyTorch, JAX, TensorFlow, decimal. */
const wrappers =
  /^(?:(?:np|numpy|torch|jnp|jax|tf|cupy|decimal)\.)*(?:b?float(?:16|32|64|128)?|u?int(?:8|16|32|64)?|longdouble|tensor|array|devicearray|decimal)$/i;
/** Characters that a call may have; a longer one is unreadable. */
const longest = 400;

/**
 * The number inside a call such as `np.float64(0.25)`, `tensor(0.2500, device='cuda:0')` or `array([0.25])`, where the name ends
 * at `open`, the index of its parenthesis. Unreadable: another name, more than one number, no end.
 */
export function wrappedNumber(text: string, start: number, open: number): WrittenAt {
  const limit = Math.min(text.length, open + longest);
  const close = closeOf(text, open, limit);
  const shown = close === undefined ? `${text.slice(start, open + 1)}…` : text.slice(start, close + 1);
  const unreadable = {
    written: { unreadable: shown.length > 60 ? `${shown.slice(0, 60)}…` : shown },
    end: close === undefined ? open : close + 1,
  };
  if (close === undefined || open - start > 40 || !wrappers.test(text.slice(start, open))) return unreadable;
  let i = open + 1;
  const skip = (characters: string) => {
    while (i < close && (isBlank(text[i]!) || characters.includes(text[i]!))) i++;
  };
  skip('[');
  const quote = text[i] === "'" || text[i] === '"' ? text[i]! : undefined;
  let number: number | undefined;
  if (quote !== undefined) {
    const end = text.indexOf(quote, i + 1);
    if (end < 0 || end > close) return unreadable;
    number = wholeNumber(text.slice(i + 1, end)) ?? nonFinite(text.slice(i + 1, end));
    i = end + 1;
  } else if (startsNumber(text, i)) {
    const { written, end } = numberAt(text, i, true);
    number = 'number' in written ? written.number : undefined;
    i = end;
  } else {
    const from = i;
    while (i < close && /[+\-a-z]/i.test(text[i]!)) i++;
    number = nonFinite(text.slice(from, i));
  }
  skip(']');
  if (text[i] === ',') {
    i++;
    skip('');
    // After the number, only keyword arguments: `shape=()`, `dtype=float32`.
    if (i < close && !isKeyword(text, i, close)) return unreadable;
  } else if (i < close) return unreadable;
  return number === undefined ? unreadable : { written: { number }, end: close + 1 };
}

function nonFinite(word: string): number | undefined {
  if (/^[+-]?nan$/i.test(word)) return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  return undefined;
}

function isKeyword(text: string, i: number, close: number): boolean {
  let k = i;
  while (k < close && (/[a-z_]/i.test(text[k]!) || isDigit(text, k))) k++;
  return k > i && text[k] === '=';
}

/** Index of the parenthesis that closes the one at `open`, quoted text passed over. */
function closeOf(text: string, open: number, limit: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let i = open; i < limit; i++) {
    const c = text[i]!;
    if (quote !== undefined) quote = c === quote ? undefined : quote;
    else if (c === "'" || c === '"') quote = c;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  return undefined;
}
