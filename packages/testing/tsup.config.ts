import { library } from '../../tsup.config.base.ts';

// The test functions alone do without vitest.
export default library({ entry: ['src/index.ts', 'src/test-functions.ts'] });
