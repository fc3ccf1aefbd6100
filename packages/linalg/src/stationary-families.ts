import { UnsupportedError } from '@foothold/core';

/** The number that stands for each kernel family in `assembly/profile.ts`. */
const codes: ReadonlyMap<string, number> = new Map([
  ['rbf', 0],
  ['matern52', 1],
]);

/** The kernel families that the fused members compute. */
export const families: readonly string[] = [...codes.keys()];

/** The assembly's number of a family. Throws UnsupportedError for a family that it does not compute. */
export function familyCode(family: string): number {
  const code = codes.get(family);
  if (code === undefined)
    throw new UnsupportedError(
      `the kernel family ${JSON.stringify(family)}`,
      'the WebAssembly backend',
      `it computes ${families.join(' and ')}; for others use the three operations and the kernel's own members`,
    );
  return code;
}
