import {
  addressOf,
  isDark,
  Mark,
  NoticeRegion,
  route,
  switchTheme,
  ThemeIcon,
  titleOf,
} from '@foothold/app-dashboard';
import { useEffect } from 'preact/hooks';
import { ProgramPanel } from './components/program-panel.tsx';
import { StudyPanel } from './components/study-panel.tsx';
import { exampleOf } from './examples/examples.ts';
import { exampleAt } from './workspace/example-address.ts';
import { openExample, openStudy } from './workspace/workspace.ts';

/** The whole page: a bar, the program, its studies, and a line for what a person should know. */
export function App() {
  const at = route.value;
  const example = exampleOf(exampleAt(at) ?? '');
  const title = example?.title ?? titleOf(at);
  useEffect(() => {
    document.title = title === undefined ? 'Foothold playground' : `${title} · Foothold playground`;
  }, [title]);
  const study = at.page === 'study' || at.page === 'trial' ? at.name : undefined;
  useEffect(() => {
    if (example) openExample(example);
    else if (study !== undefined) void openStudy(study);
  }, [example, study]);
  const themeLabel = isDark.value ? 'Light colours' : 'Dark colours';
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the studies
      </button>
      <header class="bar">
        <a class="brand" href={addressOf.studies()}>
          <Mark />
          Foothold playground
        </a>
        <button
          type="button"
          class="quiet icon-button"
          onClick={switchTheme}
          aria-label={themeLabel}
          title={themeLabel}
        >
          <ThemeIcon />
        </button>
      </header>
      <div class="playground">
        <ProgramPanel />
        <main id="main" tabIndex={-1}>
          <StudyPanel at={at} example={example} />
        </main>
      </div>
      <NoticeRegion />
    </>
  );
}
