import type { SpecPart } from './chart-spec.ts';
import { seriesColors } from './theme.ts';

/** Names as they are, with a number behind a name that came before, so that each is its own series. */
export function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let candidate = name;
    for (let n = 2; taken.has(candidate); n++) candidate = `${name} (${n})`;
    taken.add(candidate);
    return candidate;
  });
}

/** Colour by the field `s`, with a legend of lines where there are several series. Names are data, never expressions. */
export function seriesColor(names: readonly string[]): SpecPart {
  return {
    field: 's',
    type: 'nominal',
    scale: { domain: [...names], range: names.map((_, i) => seriesColors[i % seriesColors.length]) },
    legend: names.length > 1 ? { title: null, symbolType: 'stroke', symbolOpacity: 1 } : null,
  };
}
