import { useEffect } from 'preact/hooks';
import { source } from './app-state.ts';
import { NoticeRegion } from './components/notice-region.tsx';
import { ReportLine } from './components/report-line.tsx';
import { Loading, Message } from './components/states.tsx';
import { TokenPage } from './components/token-page.tsx';
import { addressOf, type Route, route } from './route.ts';
import { needsToken } from './sources/http-client.ts';
import { isDark, switchTheme } from './theme.ts';
import { ComparePage } from './views/compare-page.tsx';
import { ReportPage } from './views/report-page.tsx';
import { StudiesPage } from './views/studies-page.tsx';
import { StudyPage } from './views/study-page.tsx';

/** The whole page: a bar, what the address names, and a line for what a person should know. */
export function App() {
  const at = route.value;
  const title = titleOf(at) ?? source.value?.report?.title;
  useEffect(() => {
    document.title = title === undefined ? 'Foothold' : `${title} · Foothold`;
  }, [title]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <a class="brand" href={addressOf.studies()}>
          <Mark />
          Foothold
        </a>
        <ReportLine />
        {source.value?.isLive && !source.value.actions && !needsToken.value && (
          <span class="muted read-only">Read only</span>
        )}
        <button
          type="button"
          class="quiet icon-button"
          onClick={switchTheme}
          aria-label={isDark.value ? 'Light colours' : 'Dark colours'}
          title={isDark.value ? 'Light colours' : 'Dark colours'}
        >
          <ThemeIcon />
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {needsToken.value ? (
          <TokenPage />
        ) : source.value ? (
          <Content at={at} />
        ) : (
          <Loading what="the studies" />
        )}
      </main>
      <NoticeRegion />
    </>
  );
}

/** What the address names. */
export function Content({ at: named }: { readonly at: Route }) {
  const at = onlyStudy(named) ?? named;
  switch (at.page) {
    case 'studies':
      return <FirstPage />;
    case 'study':
      return <StudyPage key={at.name} name={at.name} at={at} />;
    case 'trial':
      return <StudyPage key={at.name} name={at.name} at={at} />;
    case 'compare':
      return <ComparePage key={at.names.join()} names={at.names} />;
    case 'unknown':
      return (
        <Message title="There is no such page" isPage>
          <p>
            <code>{at.path}</code> names nothing here. <a href={addressOf.studies()}>All studies</a>
          </p>
        </Message>
      );
  }
}

/** Of a report with one study, that study in place of the list: the same page as under its own address, with its filters. */
function onlyStudy(at: Route): Route | undefined {
  const names = source.value?.report?.names ?? [];
  return at.page === 'studies' && names.length === 1
    ? { page: 'study', name: names[0]!, view: 'overview' }
    : undefined;
}

/** The list of studies; of a report with several all of them beside each other. */
function FirstPage() {
  const report = source.value?.report;
  return report ? <ReportPage report={report} /> : <StudiesPage />;
}

/** What the tab is called, before the name of the program. */
export function titleOf(at: Route): string | undefined {
  switch (at.page) {
    case 'study':
      return at.name;
    case 'trial':
      return `Trial ${at.number} of ${at.name}`;
    case 'compare':
      return `Compare ${at.names.join(', ')}`;
    default:
      return undefined;
  }
}

/** The sign of the program. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 8v6h6v5h7v5h8" />
      <circle cx="26" cy="24" r="2.8" />
    </svg>
  );
}

/** A sun on a dark page, a moon on a light one. */
export function ThemeIcon() {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      {isDark.value ? (
        <path d="M10 3.5v-2M10 18.5v-2M3.5 10h-2M18.5 10h-2M5.4 5.4 4 4M16 16l-1.4-1.4M5.4 14.6 4 16M16 4l-1.4 1.4M13.5 10a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Z" />
      ) : (
        <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" />
      )}
    </svg>
  );
}
