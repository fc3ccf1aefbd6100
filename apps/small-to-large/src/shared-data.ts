import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';

/** 10,000 real images beside the project, where its maintainers keep them; others have none. */
export const sharedImages = fileURLToPath(
  new URL('../../../../shared/data/fashion-mnist-10k', import.meta.url),
);

const absent = !existsSync(sharedImages);

/** A test on real images: skipped, and saying why, where there are none, but failing there when `CI` is set. */
export const itWithData: (name: string, run: () => Promise<void>) => void = (name, run) => {
  if (absent && !process.env.CI) it.skip(`${name} (skipped: no ../shared/data/fashion-mnist-10k)`, run);
  else it(name, run);
};
