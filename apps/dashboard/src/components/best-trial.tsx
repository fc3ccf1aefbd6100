import type { LiveStudy } from '../study/live-study.ts';
import { shownValue } from '../text.ts';
import { Card } from './card.tsx';
import { Facts } from './facts.tsx';

/** The parameters of the best trial; nothing before there is one. */
export function BestTrial({ study }: { readonly study: LiveStudy }) {
  const best = study.best.value;
  if (!best) return null;
  return (
    <Card title="Parameters of the best trial" class="flow">
      <Facts facts={Object.entries(best.params).map(([name, value]) => [name, shownValue(value)])} />
    </Card>
  );
}
