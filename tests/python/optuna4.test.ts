import { describePytest } from './describe-pytest.ts';

await describePytest('FootholdSampler in Optuna 4', {
  group: 'optuna4',
  args: ['tests/optuna', '--deselect', 'tests/optuna/test_dashboard.py'],
});
