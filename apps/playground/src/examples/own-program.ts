import { categorical, integer, logUniform, type ParamsOf, searchSpace, type TrialContext } from 'foothold';

// Replace the space and the function by your own. The page asks for a number, smaller is better.
export const space = searchSpace({
  rate: logUniform(1e-4, 1),
  layers: integer(1, 8),
  kind: categorical('a', 'b'),
});

export function objective(params: ParamsOf<typeof space>, { number }: TrialContext): number {
  const { rate, layers, kind } = params;
  console.log('trial', number, params); // stands on the page of the trial
  return (Math.log10(rate) + 2) ** 2 + Math.abs(layers - 3) + (kind === 'a' ? 0 : 1);
}
