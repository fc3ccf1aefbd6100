import { library } from '../../tsup.config.base.ts';

const names = [
  'index',
  'experimental',
  'main',
  'server',
  'server-node',
  'server-remote',
  'llm',
  'llm-node',
  'mcp',
  'worker',
];

export default library({ entry: names.map((name) => `src/${name}.ts`) });
