import { describePytest } from './describe-pytest.ts';

await describePytest('FootholdSampler in Optuna 5', { group: 'optuna', args: ['tests/optuna'] });
