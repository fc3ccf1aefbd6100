import { library } from '../../tsup.config.base.ts';

export default library({
  entry: [
    'src/index.ts',
    'src/auto-sampler.ts',
    'src/curve-samplers.ts',
    'src/storage-of.ts',
    'src/transfer-methods.ts',
  ],
});
