import { describePytest } from './describe-pytest.ts';

await describePytest('FootholdSearch in Ray Tune', { group: 'ray', args: ['tests/ray'] });
