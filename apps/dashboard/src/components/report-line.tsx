import { source } from '../app-state.ts';
import { counted, momentText } from '../text.ts';

/** That this page is a report, of when, and what wrote it; nothing on other pages. */
export function ReportLine() {
  const report = source.value?.report;
  if (!report) return null;
  const { writtenAt, program, shortened } = report;
  return (
    <p class="report-line">
      <strong>Report</strong> of{' '}
      <time dateTime={new Date(writtenAt).toISOString()}>{momentText(writtenAt)}</time>
      <span class="muted">, written by {program}</span>
      {shortened !== undefined && (
        <span class="muted">
          . To keep it small, it has less of what the programs of {counted(shortened, 'trial')} printed.
        </span>
      )}
    </p>
  );
}
