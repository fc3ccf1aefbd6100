import type { ComponentType } from 'preact';
import type { LiveStudy } from '../study/live-study.ts';
import { Overview } from './overview.tsx';
import { TrialsView } from './trials-view.tsx';
import type { ViewProps } from './view-props.ts';

/** A view of a study, with the name that it has in the address. */
export interface StudyView {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType<ViewProps>;
}

/** The views that say something about this study. */
export function viewsOf(_study: LiveStudy): readonly StudyView[] {
  return [
    { id: 'overview', title: 'Overview', component: Overview },
    { id: 'trials', title: 'Trials', component: TrialsView },
  ];
}
