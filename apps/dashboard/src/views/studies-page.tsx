import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { Loading, Message } from '../components/states.tsx';
import { StudiesTable } from '../components/studies-table.tsx';
import { addressOf, goTo } from '../route.ts';
import type { ListedStudy } from '../sources/study-source.ts';
import { counted } from '../text.ts';

/** Milliseconds between two readings of the list. */
const listPause = 4000;
/** Studies that one chart can show. */
export const maxCompared = 10;

/** The list of studies: searched, sorted, and compared. */
export function StudiesPage() {
  const { studies, fault } = useStudies();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const search = useSearchKey();
  const shown = useMemo(
    () => (studies ?? []).filter(({ name }) => name.toLowerCase().includes(query.trim().toLowerCase())),
    [studies, query],
  );
  const names = [...chosen].filter((name) => studies?.some((study) => study.name === name));
  const choose = (name: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(name);
    else next.delete(name);
    setChosen(next);
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1>Studies</h1>
        {studies && <p class="muted">{counted(studies.length, 'study', 'studies')}</p>}
        <div class="tools">
          <label class="search">
            <span class="hidden-label">Search studies by name</span>
            <input
              ref={search}
              type="search"
              placeholder="Search  /"
              value={query}
              onInput={(event) => setQuery(event.currentTarget.value)}
            />
          </label>
          <button
            type="button"
            class="primary"
            disabled={names.length < 2 || names.length > maxCompared}
            onClick={() => goTo(addressOf.compare(names))}
          >
            {names.length < 2 ? 'Compare' : `Compare ${names.length}`}
          </button>
        </div>
      </div>
      {fault !== undefined && (
        <p class="banner" role="status">
          {fault} The list is read again by itself.
        </p>
      )}
      {studies === undefined ? (
        fault === undefined && <Loading what="the studies" />
      ) : (
        <List all={studies} shown={shown} chosen={chosen} choose={choose} />
      )}
    </div>
  );
}

function List({
  all,
  shown,
  chosen,
  choose,
}: {
  readonly all: readonly ListedStudy[];
  readonly shown: readonly ListedStudy[];
  readonly chosen: ReadonlySet<string>;
  choose(name: string, isChosen: boolean): void;
}) {
  const emptyText = source.value?.emptyText;
  if (all.length === 0 && emptyText !== undefined)
    return (
      <Message title="No studies yet">
        <p>{emptyText}</p>
      </Message>
    );
  if (all.length === 0)
    return (
      <Message title="No studies yet">
        <p>A study appears here as soon as a program has made one in this storage.</p>
        <p>
          <code>foothold tune --space space.json --run "python train.py --x {'{x}'}"</code>
        </p>
      </Message>
    );
  if (shown.length === 0) return <Message title="No study has such a name" />;
  return <StudiesTable studies={shown} choice={{ chosen, choose }} />;
}

/** The list, read again from time to time while the page is seen. */
function useStudies() {
  const [studies, setStudies] = useState<readonly ListedStudy[]>();
  const [fault, setFault] = useState<string>();
  const from = source.value;
  useEffect(() => {
    if (!from) return;
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      try {
        if (document.visibilityState === 'visible' || studies === undefined) {
          setStudies(await from.studies(ending.signal));
          setFault(undefined);
        }
      } catch (error) {
        if (ending.signal.aborted) return;
        setFault(
          error instanceof TypeError
            ? 'The server does not answer.'
            : error instanceof Error
              ? error.message
              : String(error),
        );
      }
      if (from.isLive && !ending.signal.aborted) timer = setTimeout(read, listPause);
    };
    void read();
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [from]);
  return { studies, fault };
}

/** `/` puts the cursor into the search field. */
function useSearchKey() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (
        event.key !== '/' ||
        event.target instanceof HTMLInputElement ||
        event.target instanceof HTMLTextAreaElement
      )
        return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  return field;
}
