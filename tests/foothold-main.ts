import { join } from 'node:path';
import { root } from '../scripts/workspace.ts';

/** The program of the `foothold` command, to be run with the condition `@foothold/source`: its bundle where a run of tests made one. */
export const footholdMain = process.env['FOOTHOLD_TEST_MAIN'] ?? join(root, 'packages/cli/src/main.ts');
