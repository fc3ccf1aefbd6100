import { library } from '../../tsup.config.base.ts';

// The test functions, the fake server and the virtual clock do without vitest.
export default library({
  entry: [
    'src/index.ts',
    'src/test-functions.ts',
    'src/virtual-clock.ts',
    'src/fake-model-server/fake-model-server.ts',
  ],
});
