import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { library } from '../../tsup.config.base.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default library({
  entry: ['src/index.ts', 'src/node.ts', 'src/remote.ts'],
  /** The conditions of `imports` are those of the program that runs it. */
  external: [/^node:/, /^#/],
  /** The dashboard goes into this package: `listen` serves it from there, and `reportPage` reads the page of reports. Both have the licences of what is in them beside them. */
  async onSuccess() {
    await cp(here('../../apps/dashboard/dist'), here('dist/dashboard'), { recursive: true });
    await cp(here('../../apps/dashboard/dist-report/report.html'), here('dist/report.html'));
    await cp(here('../../apps/dashboard/dist-report/licenses.txt'), here('dist/report-licenses.txt'));
  },
});
