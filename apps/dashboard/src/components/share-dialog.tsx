import { useEffect, useRef, useState } from 'preact/hooks';
import { tellPerson } from '../app-state.ts';
import type { ShareActions, ShareLink } from '../sources/study-source.ts';
import { momentText, until } from '../text.ts';
import { Dialog } from './dialog.tsx';
import { useAction } from './use-action.ts';

const hour = 3600;
const lengths = [
  [hour, '1 hour'],
  [24 * hour, '1 day'],
  [7 * 24 * hour, '7 days'],
  [30 * 24 * hour, '30 days'],
  [90 * 24 * hour, '90 days'],
] as const;

interface ShareProps {
  readonly study: string;
  readonly shares: ShareActions;
  onClose(): void;
}

/** Makes links that read the study and nothing else, and ends them. */
export function ShareDialog({ study, shares, onClose }: ShareProps) {
  const [seconds, setSeconds] = useState<number>(lengths[1][0]);
  const [made, setMade] = useState<ShareLink & { readonly address: string }>();
  const [open, setOpen] = useState<readonly ShareLink[]>([]);
  const { run } = useAction();
  const read = async () => setOpen(await shares.list(study));
  useEffect(() => {
    read().catch((error: unknown) =>
      tellPerson(error instanceof Error ? error.message : String(error), true),
    );
  }, []);
  const make = () =>
    run(async () => {
      setMade(await shares.make(study, seconds));
      await read();
    }, 'The link is made.');
  const revoke = (id: string) =>
    run(async () => {
      await shares.revoke(id);
      if (made?.id === id) setMade(undefined);
      await read();
    }, 'The link opens nothing any more.');
  return (
    <Dialog
      title={`Share ${study}`}
      action={made ? 'Make another link' : 'Make a link'}
      close="Close"
      onClose={onClose}
      onSubmit={make}
    >
      <div class="shares">
        <p>
          Who has the link sees this study and no other, and can change nothing. It ends at its time, when you
          revoke it, and when this server ends.
        </p>
        <label class="field">
          Valid for
          <select value={seconds} onChange={(event) => setSeconds(Number(event.currentTarget.value))}>
            {lengths.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {made && <NewLink address={made.address} />}
        {open.length > 0 && <OpenLinks open={open} revoke={revoke} />}
      </div>
    </Dialog>
  );
}

function NewLink({ address }: { readonly address: string }) {
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(address);
      tellPerson('The link is copied.');
    } catch {
      tellPerson('The link is selected: copy it with the keyboard.');
    }
  };
  return (
    <div class="new-link">
      <label for="new-link">The link. It is shown this once.</label>
      <div>
        <input id="new-link" ref={field} type="text" readOnly value={address} />
        <button type="button" onClick={copy}>
          Copy
        </button>
      </div>
    </div>
  );
}

function OpenLinks({ open, revoke }: { readonly open: readonly ShareLink[]; revoke(id: string): void }) {
  const now = Date.now();
  return (
    <section aria-label="Open links">
      <h3>Open links</h3>
      <ul class="share-list">
        {open.map(({ id, expires }) => (
          <li key={id}>
            <span title={momentText(expires)}>
              <code>{id.slice(0, 6)}</code> ends {until(expires, now)}
            </span>
            <button
              type="button"
              class="danger"
              aria-label={`Revoke the link ${id.slice(0, 6)}`}
              onClick={() => revoke(id)}
            >
              Revoke
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
