import { useEffect, useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { Badge } from '../components/badge.tsx';
import { ConnectionBadge } from '../components/connection-badge.tsx';
import { FidelityChoice } from '../components/fidelity-choice.tsx';
import { FilterChips } from '../components/filter-chips.tsx';
import { Loading, Message } from '../components/states.tsx';
import { StudyActions } from '../components/study-actions.tsx';
import { presentTime } from '../present-time.ts';
import { addressOf, type Route } from '../route.ts';
import { activityOf } from '../study/activity.ts';
import { type LiveStudy, liveStudy } from '../study/live-study.ts';
import { type StudyView, viewsOf } from './study-views.ts';
import { TrialPage } from './trial-page.tsx';

type StudyRoute = Extract<Route, { readonly page: 'study' | 'trial' }>;

/** A study: its head, the names of its views, and the view that the address names. */
export function StudyPage({ name, at }: { readonly name: string; readonly at: StudyRoute }) {
  const study = useLiveStudy(name);
  const isOnly = source.value?.report?.names.length === 1;
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Path">
        {isOnly || <a href={addressOf.studies()}>{source.value?.report?.title ?? 'Studies'}</a>}
        {at.page === 'trial' && <a href={addressOf.study(name)}>{name}</a>}
      </nav>
      {study && <Opened study={study} at={at} />}
    </div>
  );
}

function useLiveStudy(name: string): LiveStudy | undefined {
  const [study, setStudy] = useState<LiveStudy>();
  const from = source.value;
  useEffect(() => {
    if (!from) return;
    const opened = liveStudy(from, name);
    setStudy(opened);
    return () => opened.close();
  }, [from, name]);
  return study;
}

function Opened({ study, at }: { readonly study: LiveStudy; readonly at: StudyRoute }) {
  study.version.value;
  const connection = study.connection.value;
  if (connection.state === 'failed')
    return (
      <Message
        title={study.isReady.value ? 'The study cannot be read any more' : 'The study cannot be read'}
        isFault
        isPage
      >
        <p>{connection.message}</p>
        <p>
          <a href={addressOf.studies()}>All studies</a>
        </p>
      </Message>
    );
  if (!study.isReady.value) {
    if (connection.state === 'offline')
      return (
        <Message title="The server does not answer" isFault isPage>
          <p>It is asked again by itself.</p>
        </Message>
      );
    const share =
      connection.state === 'reading' && connection.end ? connection.read / connection.end : undefined;
    return <Loading what={`the study ${study.name}`} share={share} />;
  }
  if (!study.state.created) return <Message title="This study has no events yet" isPage />;
  return <Ready study={study} at={at} />;
}

function Ready({ study, at }: { readonly study: LiveStudy; readonly at: StudyRoute }) {
  const views = viewsOf(study);
  const current = at.page === 'study' ? at.view : 'trials';
  return (
    <>
      <div class="page-head">
        <h1>{study.name}</h1>
        <Badge state={activityOf(study, presentTime())} />
        <ConnectionBadge study={study} />
        <div class="tools">
          <StudyActions study={study} />
        </div>
      </div>
      <nav class="views" aria-label="Views of the study">
        {views.map(({ id, title }) => (
          <a
            key={id}
            href={addressOf.study(study.name, id)}
            {...(id === current && { 'aria-current': 'page' as const })}
          >
            {title}
          </a>
        ))}
      </nav>
      {at.page === 'study' && <FidelityChoice study={study} />}
      <FilterChips study={study} />
      {at.page === 'trial' ? (
        <TrialPage study={study} number={at.number} />
      ) : (
        <View study={study} view={views.find(({ id }) => id === current)} />
      )}
    </>
  );
}

function View({ study, view }: { readonly study: LiveStudy; readonly view: StudyView | undefined }) {
  const Shown = view?.component;
  return Shown ? (
    <Shown study={study} />
  ) : (
    <Message title="This study has no such view">
      <p>
        <a href={addressOf.study(study.name)}>Overview</a>
      </p>
    </Message>
  );
}
