/** `npm start`: installs what the demo needs and runs it. Further words go to the demo: `npm start -- --list`. */

import { join } from 'node:path';
import { developmentNode, fullyInstalled, install, root, run } from './setup.mjs';

install(fullyInstalled() ? [] : ['--prod', '--filter', '@foothold/app-demo...']);
run(developmentNode('apps/demo'), [
  '--conditions=@foothold/source',
  join(root, 'apps/demo/src/main.ts'),
  ...process.argv.slice(2),
]);
