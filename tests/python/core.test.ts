import { describePytest } from './describe-pytest.ts';

await describePytest('the Python package', { group: 'core', args: ['tests/core'] });
