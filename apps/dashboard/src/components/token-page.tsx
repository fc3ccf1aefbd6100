import { useState } from 'preact/hooks';
import { setToken } from '../sources/http-client.ts';

/** Asks for the token where the address had none, or an old one. */
export function TokenPage() {
  const [text, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    const token = /token=([^&\s]+)/.exec(text)?.[1] ?? text.trim();
    if (token === '') return;
    setToken(decodeURIComponent(token));
    location.reload();
  };
  return (
    <section class="state">
      <h1>This page needs its link</h1>
      <p>
        The server printed a link with a token when it started. Open that link, or paste it here. The token
        stays in this tab.
      </p>
      <form class="inline-form" onSubmit={submit}>
        <label>
          Link or token
          <input
            type="password"
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Open
        </button>
      </form>
    </section>
  );
}
