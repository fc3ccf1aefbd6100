import { library } from '../../tsup.config.base.ts';

export default library({ entry: ['src/index.ts', 'src/sampler-named.ts', 'src/serve-ask-tell.ts'] });
