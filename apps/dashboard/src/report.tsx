import { render } from 'preact';
import { App } from './app.tsx';
import { source } from './app-state.ts';
import { embeddedText } from './report/embedded-text.ts';
import { keepWorkerCode } from './report/start-model-worker.ts';
import { followAddress } from './route.ts';
import { embeddedSource, type ReportContent } from './sources/embedded-source.ts';
import { followTheme } from './theme.ts';
import './style/main.css';

/** The page with studies inside of it: a report in one file. */
async function show(): Promise<void> {
  const [content, worker] = await Promise.all([
    embeddedText('foothold-studies'),
    embeddedText('foothold-worker'),
  ]);
  keepWorkerCode(worker);
  source.value = embeddedSource(JSON.parse(content) as ReportContent);
  followTheme();
  followAddress();
  const page = document.getElementById('page')!;
  // The summary that is there for readers without scripts.
  page.replaceChildren();
  render(<App />, page);
}

void show();
