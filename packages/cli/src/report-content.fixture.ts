import { gunzipSync } from 'node:zlib';
import type { StudyEvent } from '@foothold/core';

/** What a report has in it, as text: the studies with their logs. */
export function reportText(html: string): string {
  const [, encoding, text] =
    /<script type="application\/json" id="foothold-studies"( data-encoding="gzip")?>([^<]*)<\/script>/.exec(
      html,
    )!;
  return encoding ? gunzipSync(Buffer.from(text!, 'base64')).toString() : text!;
}

export interface ReportContent {
  readonly title: string;
  readonly program: string;
  readonly writtenAt: number;
  readonly studies: readonly { readonly name: string; readonly events: readonly StudyEvent[] }[];
}

export function reportContent(html: string): ReportContent {
  return JSON.parse(reportText(html)) as ReportContent;
}
