import { delimiter } from 'node:path';

/** What a user has: the PATH without this workspace's own binaries, so that `node` is the machine's, or that of the folder `first`. */
export function userEnvironment({ first }: { readonly first?: string } = {}): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  return {
    ...process.env,
    PATH: (first === undefined ? path : [first, ...path]).join(delimiter),
    NODE_OPTIONS: '',
    NO_COLOR: '1',
  };
}
