import { join } from 'node:path';

/** The program of the built `foothold` command: there after `pnpm build`. */
export const builtCommand = join(import.meta.dirname, '../../packages/foothold/dist/command/main.js');
