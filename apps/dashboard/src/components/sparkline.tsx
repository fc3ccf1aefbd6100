/** A small step line of the best value so far, without axes: the shape, not the figures. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return <span class="muted">–</span>;
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const y = (value: number) => (high > low ? 2 + 20 * (1 - (value - low) / (high - low)) : 12);
  const x = (i: number) => 2 + (96 * i) / (finite.length - 1);
  const path = finite
    .map((value, i) => (i === 0 ? `M${x(0)},${y(value)}` : `H${x(i).toFixed(1)}V${y(value).toFixed(1)}`))
    .join('');
  return (
    <svg class="sparkline" viewBox="0 0 104 24" role="img" aria-label={label}>
      <path d={path} />
      <circle cx={x(finite.length - 1)} cy={y(finite.at(-1)!)} r="2.2" />
    </svg>
  );
}
