import { keptLevel, shownFidelities } from '../study/fidelities.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { withFilter } from '../study/trial-filters.ts';
import { Swatch } from './swatch.tsx';

/** The trials of one fidelity or of all of them, in all views; nothing for a study of one fidelity. */
export function FidelityChoice({ study }: { readonly study: LiveStudy }) {
  study.version.value;
  const fidelities = shownFidelities(study.state);
  if (!fidelities) return null;
  const { axis, levels } = fidelities;
  const kept = keptLevel(study, fidelities);
  const keep = (level: number | undefined) => {
    const filter =
      level === undefined
        ? undefined
        : { kind: 'levels' as const, levels: [String(levels[level]!.fidelity)] };
    study.filters.value = withFilter(study.filters.value, axis, filter);
  };
  return (
    <fieldset class="choice fidelity-choice" aria-label="Fidelity">
      <button type="button" aria-pressed={kept === undefined} onClick={() => keep(undefined)}>
        all fidelities
      </button>
      {levels.map(({ title }, level) => (
        <button key={title} type="button" aria-pressed={kept === level} onClick={() => keep(level)}>
          <Swatch color={level} />
          {title}
        </button>
      ))}
    </fieldset>
  );
}
