/**
 * How numbers of configurations stand in a prompt: `none`, the user's own values; `log`, the decimal logarithm of parameters on a
 * logarithmic scale; `normalized`, every number as its share of its range, on its own scale.
 */
export type Warping = 'none' | 'log' | 'normalized';

export const warpings = ['none', 'log', 'normalized'] as const satisfies readonly Warping[];
