import { useEffect, useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { Loading } from '../components/states.tsx';
import { StudiesTable } from '../components/studies-table.tsx';
import type { ListedStudy, ReportFacts } from '../sources/study-source.ts';
import { counted } from '../text.ts';
import { ComparedStudies } from './compare-page.tsx';

/** The first page of a report with several studies: what became of each, and their best values on one chart. */
export function ReportPage({ report }: { readonly report: ReportFacts }) {
  const [studies, setStudies] = useState<readonly ListedStudy[]>();
  const from = source.value!;
  useEffect(() => {
    const ending = new AbortController();
    void from.studies(ending.signal).then(setStudies);
    return () => ending.abort();
  }, [from]);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{report.title}</h1>
        <p class="muted">{counted(report.names.length, 'study', 'studies')}</p>
      </div>
      {studies ? <StudiesTable studies={studies} /> : <Loading what="the studies" />}
      <div class="below">
        <ComparedStudies names={report.names} />
      </div>
    </div>
  );
}
