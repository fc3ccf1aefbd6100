import { followAddress, followTheme, source } from '@foothold/app-dashboard';
import { render } from 'preact';
import { App } from './app.tsx';
import { browserActions } from './sources/browser-actions.ts';
import { browserSource } from './sources/browser-source.ts';
import { storage } from './sources/browser-studies.ts';
import { runControl } from './tuning/run-control.ts';

followTheme();
followAddress();
source.value = browserSource(storage, browserActions(storage, runControl));
render(<App />, document.getElementById('page')!);
