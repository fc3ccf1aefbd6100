import { Content, type Route } from '@foothold/app-dashboard';
import { useEffect, useState } from 'preact/hooks';
import type { Example } from '../examples/examples.ts';
import { deleting, storage } from '../sources/browser-studies.ts';
import { runState } from '../tuning/run-state.ts';
import { stagesOf } from '../workspace/workspace.ts';
import { ImportButton } from './import-button.tsx';

/** What the address names, by the dashboard's own pages; for an example its study, where it was run. */
export function StudyPanel({ at, example }: { readonly at: Route; readonly example: Example | undefined }) {
  const study = useStudyOf(example);
  if (example)
    return study === undefined ? (
      <NotRun example={example} />
    ) : (
      <Content at={{ page: 'study', name: study, view: 'overview' }} />
    );
  return (
    <>
      {at.page === 'studies' && <ImportButton />}
      <Content at={at} />
    </>
  );
}

/** The study of an example, of two stages the last one; undefined before it is run. */
function useStudyOf(example: Example | undefined): string | undefined {
  const [names, setNames] = useState<readonly string[]>([]);
  const running = runState.value.state;
  const isDeleted = example !== undefined && deleting.value === example.id;
  useEffect(() => {
    if (isDeleted) setNames([]);
    else void storage.studies().then(setNames, () => setNames([]));
  }, [example, running, isDeleted]);
  return isDeleted ? undefined : example && stagesOf(example.id).findLast((name) => names.includes(name));
}

function NotRun({ example }: { readonly example: Example }) {
  return (
    <section class="state">
      <h1>{example.title}</h1>
      <p>{example.text}</p>
      <p>
        Run it: each trial appears here while the program is evaluated in a worker of this page. Nothing
        leaves your browser.
      </p>
    </section>
  );
}
