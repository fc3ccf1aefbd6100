import { describePytest } from './describe-pytest.ts';

await describePytest('foothold.sklearn', {
  group: 'sklearn',
  args: ['tests/sklearn', '-W', 'ignore'],
  // Threads of small products wait for one another where the cores have other work.
  env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
});
