import { useState } from 'preact/hooks';
import type { LiveStudy } from '../study/live-study.ts';
import { type ShownObjective, shownObjectives } from '../study/objectives.ts';
import { Choice } from './card.tsx';

/** The objective that a view shows, and what chooses another where the study has several. */
export function useObjective({ goal, facts }: LiveStudy['state']) {
  const objectives = shownObjectives(goal!, facts);
  const [metric, setMetric] = useState(objectives[0]!.metric);
  const objective: ShownObjective = objectives.find((one) => one.metric === metric) ?? objectives[0]!;
  const choice = objectives.length > 1 && (
    <Choice
      label="Objective"
      options={objectives.map((one) => [one.metric, one.title] as const)}
      value={objective.metric}
      onChange={setMetric}
    />
  );
  return { objective, choice };
}
