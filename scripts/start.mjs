/** `npm start`: installs what the demo needs and runs it. Further words go to the demo: `npm start -- --seed 1`. */

import { join } from 'node:path';
import { developmentNode, fullyInstalled, install, root, run } from './setup.mjs';

// Ctrl-C goes to the demo too, which keeps what is finished: this process waits for it.
process.on('SIGINT', () => {});
install(fullyInstalled() ? [] : ['--prod', '--filter', '@foothold/app-demo...']);
run(developmentNode('apps/demo'), [
  '--conditions=@foothold/source',
  join(root, 'apps/demo/src/main.ts'),
  ...process.argv.slice(2),
]);
