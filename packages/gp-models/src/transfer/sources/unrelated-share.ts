/**
 * The share of tasks that have nothing in common with the others, from the correlation of each with the mean of the others.
 *
 * Such a task correlates negatively as often as positively, so that the share is twice the probability of a negative correlation
 * (the estimate of Storey 2002, "A direct approach to false discovery rates", with λ = ½), and that probability is
 * (negative + 1)/(tasks + 2) (Laplace's rule of succession). The share is at most (tasks + 1)/(tasks + 2): never certain.
 */
export function unrelatedShare(correlations: readonly (number | undefined)[]): number {
  const tasks = correlations.length;
  const negative = correlations.filter((v) => v !== undefined && !(v > 0)).length;
  return Math.min(2 * (negative + 1), tasks + 1) / (tasks + 2);
}

/**
 * The probability that the next task is the negative of the others, where none of so many was: 1/(tasks + 2) (Laplace's rule of succession). Sources
 * that correlate negatively with the others are of the share above: by chance half of it does.
 */
export function negatedShare(tasks: number): number {
  return 1 / (tasks + 2);
}
