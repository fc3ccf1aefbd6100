import type { Why } from '@foothold/core';
import type { ComponentType } from 'preact';
import { isMatrix } from '../study/is-matrix.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { CurvesView, LimitsView, ParetoView, TimelineView, TransferView } from './chart-views.tsx';
import { HistoryView } from './history-view.tsx';
import { LazyMatrixView, LazyModelView } from './lazy-model-view.tsx';
import { Overview } from './overview.tsx';
import { TrialsView } from './trials-view.tsx';
import type { ViewProps } from './view-props.ts';

/** A view of a study, with the name that it has in the address. */
export interface StudyView {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType<ViewProps>;
  /** Whether the study has something to show in it. */
  has(study: LiveStudy): boolean;
}

const views: readonly StudyView[] = [
  { id: 'overview', title: 'Overview', component: Overview, has: () => true },
  { id: 'trials', title: 'Trials', component: TrialsView, has: () => true },
  { id: 'model', title: 'Model', component: LazyModelView, has: ({ state }) => state.space !== undefined },
  {
    id: 'front',
    title: 'Pareto front',
    component: ParetoView,
    has: ({ state }) => (state.goal?.objectives?.length ?? 0) > 1,
  },
  {
    id: 'curves',
    title: 'Learning curves',
    component: CurvesView,
    has: ({ state }) => state.trials.some(({ reports }) => reports.length > 0),
  },
  {
    id: 'workers',
    title: 'Workers',
    component: TimelineView,
    has: ({ history }) => history.spans.length > 0,
  },
  {
    id: 'limits',
    title: 'Limits',
    component: LimitsView,
    has: ({ state }) => (state.goal?.constraints?.length ?? 0) > 0,
  },
  {
    id: 'transfer',
    title: 'Earlier studies',
    component: TransferView,
    has: ({ state }) => state.trials.some(({ why }) => why && namesEarlierStudies(why)),
  },
  { id: 'history', title: 'History', component: HistoryView, has: () => true },
];

function namesEarlierStudies(why: Why): boolean {
  const model = why['model'];
  return (
    why['transfer'] !== undefined ||
    why['unused'] !== undefined ||
    why['stage'] === 'warm start' ||
    (typeof model === 'object' && model !== null && 'transfer' in model)
  );
}

/** Views of a study of a score matrix: what is best and what a model believes is a matter of its rows, not of single cells. */
const matrixViews: readonly StudyView[] = [
  { id: 'overview', title: 'Matrix', component: LazyMatrixView, has: () => true },
  ...views.filter(({ id }) => ['trials', 'workers', 'history'].includes(id)),
];

/** The views that say something about this study. */
export function viewsOf(study: LiveStudy): readonly StudyView[] {
  return (isMatrix(study) ? matrixViews : views).filter(({ has }) => has(study));
}
