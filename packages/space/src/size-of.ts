/**
 * Number of points of a space with conditions, by recursive conditioning (Darwiche 2001, "Recursive conditioning"): a
 * parent's values fall into classes that no condition distinguishes, and what a class leaves undecided falls into groups
 * that no condition connects, whose numbers multiply.
 */
import type { Conditions } from './conditions.ts';
import type { Domain } from './domain.ts';
import type { ParameterValue } from './parameter.ts';

/** Groups counted before an upper bound has to do. Conditions like those of programs take some thousands. */
const maxGroups = 20_000;

/** Values of a parent that have the same effect on every parameter. */
interface ValueClass {
  readonly count: number;
  /** Children whose condition on the parent these values meet. */
  readonly meets: ReadonlySet<number>;
}

/**
 * Number of distinct sets of active parameters' values; Infinity with a continuous parameter that can be active. Where
 * conditions on several parents each are so entangled that counting does not end in reasonable time, it is the product
 * of all numbers of values, an upper bound.
 */
export function sizeOf(domains: readonly Domain[], conditions: Conditions): number {
  const children = childrenOf(conditions);
  const classes = domains.map((domain, i) => classesOf(domain, i, { conditions, children: children[i]! }));
  const rank = new Map(conditions.order.map((i, at) => [i, at]));
  const isForest = conditions.of.every((list) => list.length <= 1);
  const known = new Map<number | string, number>();
  let groups = 0;

  /** Number of points of a connected group, parents first, whose other parents are decided and meet its conditions. */
  const count = (group: readonly number[]): number => {
    const root = group[0]!;
    if (group.length === 1) return domains[root]!.levels;
    // With one parent each, a group is its root with all that depends on it.
    const key = isForest ? root : group.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    if (++groups > maxGroups) return Number.NaN;
    let total = 0;
    for (const { count: values, meets } of classes[root]!) {
      const left = new Set(group);
      left.delete(root);
      for (const child of children[root]!) if (!meets.has(child)) remove(left, child);
      let product = values;
      for (const part of connected(left)) product *= count(part);
      total += product;
    }
    known.set(key, total);
    return total;
  };

  /** Takes out an inactive parameter and all that depend on it. */
  const remove = (left: Set<number>, first: number): void => {
    const open = [first];
    for (let i = open.pop(); i !== undefined; i = open.pop())
      if (left.delete(i)) for (const child of children[i]!) open.push(child);
  };

  /** The groups of these parameters that conditions connect, each parents first. */
  const connected = (all: ReadonlySet<number>): number[][] => {
    const waiting = new Set(all);
    const parts: number[][] = [];
    for (const first of all) {
      if (!waiting.delete(first)) continue;
      const part = [first];
      // The list grows while it is walked.
      for (const i of part)
        for (const other of [...children[i]!, ...conditions.of[i]!.map(({ parent }) => parent)])
          if (waiting.delete(other)) part.push(other);
      parts.push(part.sort((a, b) => rank.get(a)! - rank.get(b)!));
    }
    return parts;
  };

  let size = 1;
  for (const part of connected(new Set(conditions.order))) size *= count(part);
  return Number.isNaN(size) ? domains.reduce((product, { levels }) => product * levels, 1) : size;
}

function childrenOf({ of }: Conditions): readonly (readonly number[])[] {
  const children = of.map((): number[] => []);
  of.forEach((list, i) => {
    for (const { parent } of list) children[parent]!.push(i);
  });
  return children;
}

/** The classes of a parent's values. Values that no condition names meet none, and are not listed. */
function classesOf(
  { levels }: Domain,
  parent: number,
  { conditions, children }: { readonly conditions: Conditions; readonly children: readonly number[] },
): readonly ValueClass[] {
  const meets = new Map<ParameterValue, number[]>();
  for (const child of children)
    for (const condition of conditions.of[child]!)
      if (condition.parent === parent)
        for (const value of condition.values) meets.set(value, [...(meets.get(value) ?? []), child]);
  const classes = new Map<string, { count: number; readonly meets: ReadonlySet<number> }>();
  for (const met of meets.values()) {
    const key = met.join();
    const known = classes.get(key);
    if (known) known.count++;
    else classes.set(key, { count: 1, meets: new Set(met) });
  }
  const rest = levels - meets.size;
  return [...classes.values(), ...(rest > 0 ? [{ count: rest, meets: new Set<number>() }] : [])];
}
