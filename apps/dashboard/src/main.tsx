import { render } from 'preact';
import { App } from './app.tsx';
import { source } from './app-state.ts';
import { followAddress } from './route.ts';
import { httpClient, takeToken } from './sources/http-client.ts';
import { httpSource } from './sources/http-source.ts';
import { followTheme } from './theme.ts';

takeToken();
// A link that is pasted into this tab changes the address alone.
window.addEventListener('hashchange', () => takeToken() && location.reload());
followTheme();
followAddress();
render(<App />, document.getElementById('page')!);
void openSource();

/** The studies of the server that the page came from. */
async function openSource(): Promise<void> {
  const client = httpClient('./api');
  try {
    const { role } = await client.json<{ readonly role: 'read' | 'write' }>('/session');
    source.value = httpSource(client, role === 'write');
  } catch {
    // Without a role nothing is offered that the server would refuse; lists and logs show what is wrong.
    source.value = httpSource(client, false);
  }
}
