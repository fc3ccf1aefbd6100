import type { Figure } from './figure.ts';
import type { Written } from './number-at.ts';
import { isQualifier } from './qualifiers.ts';

/** The brackets that are open while an output is read, and the names that they give to what is inside. */
export interface NestedBrackets {
  /** @param name the name before `=` or `:` that the bracket is the value of */
  open(bracket: string, name: string | undefined): void;
  close(bracket: string): void;
  /** A comma: the next element of a list begins. */
  next(): void;
  /** Something without a name of its own, a number or (undefined) anything else. */
  element(written: Written | undefined): void;
  /** The whole name of a figure, undefined where it is nested too deep or too long. */
  pathOf(name: string): string | undefined;
  label(): string | undefined;
  inData(): boolean;
  inList(): boolean;
  isEmpty(): boolean;
}

interface Frame {
  readonly bracket: string;
  /** Names so far; undefined where they are too long. */
  readonly path: string | undefined;
  readonly label: string | undefined;
  readonly data: boolean;
  readonly list: boolean;
  /** The list is the value of a name. */
  readonly named: boolean;
  index: number;
  filled: boolean;
  first: Written | undefined;
}

const closerOf: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };
const deepest = 64;
const longestPath = 300;
const top: Frame = {
  bracket: '',
  path: '',
  label: undefined,
  data: false,
  list: false,
  named: false,
  index: 0,
  filled: false,
  first: undefined,
};

/** No bracket is open; what lists and objects say of themselves goes to `figures`. Nesting beyond 64 levels is passed over. */
export function nestedBrackets(figures: Figure[]): NestedBrackets {
  const frames: Frame[] = [];
  let beyond = 0;
  const current = () => frames.at(-1) ?? top;
  const fill = (written?: Written) => {
    const frame = current();
    if (!frame.list || beyond > 0) return;
    if (!frame.filled && frame.index === 0) frame.first = written;
    frame.filled = true;
  };
  return {
    open: (bracket, name) => {
      const parent = current();
      fill();
      if (beyond > 0 || frames.length >= deepest) {
        beyond++;
        return;
      }
      const { frame, figure } = opened(parent, bracket, name);
      if (figure) figures.push(figure);
      frames.push(frame);
    },
    close: (bracket) => {
      if (beyond > 0) {
        beyond--;
        return;
      }
      for (let k = frames.length - 1; k >= 0; k--)
        if (closerOf[frames[k]!.bracket] === bracket) {
          for (const frame of frames.splice(k).reverse()) figures.push(...figureOfList(frame));
          return;
        }
    },
    next: () => {
      const frame = current();
      if (!frame.list || beyond > 0) return;
      frame.index++;
      frame.filled = false;
    },
    element: (written) => {
      const { list, path, label, index } = current();
      if (list && beyond === 0 && written !== undefined) {
        const name = joined(path, String(index));
        if (name !== undefined) figures.push({ name, label, written, form: 'element' });
      }
      fill(written);
    },
    pathOf: (name) => (beyond > 0 ? undefined : joined(current().path, name)),
    label: () => current().label,
    inData: () => current().data,
    inList: () => current().list && beyond === 0,
    isEmpty: () => frames.length === 0,
  };
}

/** The frame of a bracket in `parent`, and the figure that an object with a name is. */
function opened(
  parent: Frame,
  bracket: string,
  name: string | undefined,
): { readonly frame: Frame; readonly figure?: Figure } {
  const list = bracket === '[' && (name !== undefined || parent.list);
  const inner = name ?? (parent.list && bracket !== '(' ? String(parent.index) : undefined);
  const isLabel = bracket === '{' && !parent.data && name !== undefined && !isQualifier(name);
  const path = isLabel || inner === undefined || bracket === '(' ? parent.path : joined(parent.path, inner);
  const frame: Frame = {
    bracket,
    list,
    named: list && name !== undefined,
    index: 0,
    filled: false,
    first: undefined,
    path,
    label: isLabel ? name : parent.label,
    data: parent.data || list || bracket === '{',
  };
  if (bracket !== '{' || name === undefined || path === undefined) return { frame };
  const figure: Figure = {
    name: isLabel ? name : path,
    written: { unreadable: 'an object' },
    form: 'holder',
  };
  return { frame, figure };
}

/** What a list with a name is when it ends: its only number, or something that holds several. */
function figureOfList(frame: Frame): readonly Figure[] {
  if (!frame.named || frame.path === undefined || frame.path === '') return [];
  const { first, label, path: name } = frame;
  const size = frame.index + (frame.filled ? 1 : 0);
  if (size === 1 && first !== undefined) return [{ name, label, written: first, form: 'sign' }];
  return [{ name, label, written: { unreadable: `a list of ${size}` }, form: 'holder' }];
}

function joined(path: string | undefined, name: string): string | undefined {
  if (path === undefined || path.length + name.length > longestPath) return undefined;
  return path === '' ? name : `${path}.${name}`;
}
