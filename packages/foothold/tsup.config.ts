import { fileURLToPath } from 'node:url';
import { bundleCommand } from '../../scripts/bundle-command.ts';
import { library } from '../../tsup.config.base.ts';

const names = [
  'index',
  'experimental',
  'server',
  'server-node',
  'server-remote',
  'llm',
  'llm-node',
  'mcp',
  'worker',
];

export default library({
  entry: names.map((name) => `src/${name}.ts`),
  /** The command is a bundle of its own: a program of one file a module starts slowly. */
  onSuccess: () => bundleCommand(fileURLToPath(new URL('dist/command', import.meta.url))),
});
