import { shortNumber } from '@foothold/viz';
import type { LiveStudy } from '../study/live-study.ts';
import { type AxisFilter, axisKey, keptTrials, withFilter } from '../study/trial-filters.ts';
import { counted } from '../text.ts';

/** The filters that are on, each with a button that takes it away, and what they keep. */
export function FilterChips({ study }: { readonly study: LiveStudy }) {
  study.version.value;
  const filters = study.filters.value;
  if (filters.size === 0) return null;
  const { trials } = study.state;
  return (
    <fieldset class="chips" aria-label="Filters">
      {[...filters.values()].map(({ axis, filter }) => (
        <button
          key={axisKey(axis)}
          type="button"
          class="chip"
          aria-label={`Remove the filter ${axis.name} ${filterText(filter)}`}
          onClick={() => {
            study.filters.value = withFilter(study.filters.value, axis, undefined);
          }}
        >
          <b>{axis.name}</b> {filterText(filter)} <span aria-hidden="true">×</span>
        </button>
      ))}
      <span class="muted" role="status">
        {`${keptTrials(trials, filters).length.toLocaleString('en')} of ${counted(trials.length, 'trial')}`}
      </span>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          study.filters.value = new Map();
        }}
      >
        Show all
      </button>
    </fieldset>
  );
}

function filterText(filter: AxisFilter): string {
  return filter.kind === 'levels'
    ? filter.levels.join(', ')
    : `${shortNumber(filter.low)} – ${shortNumber(filter.high)}`;
}
