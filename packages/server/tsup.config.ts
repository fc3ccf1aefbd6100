import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { library } from '../../tsup.config.base.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default library({
  entry: ['src/index.ts', 'src/node.ts', 'src/remote.ts'],
  /** The dashboard goes into this package: `listen` serves it from there. */
  onSuccess: () => cp(here('../../apps/dashboard/dist'), here('dist/dashboard'), { recursive: true }),
});
