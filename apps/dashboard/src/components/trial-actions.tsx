import type { Trial } from '@foothold/core';
import { useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { Dialog } from './dialog.tsx';
import { EnqueueDialog } from './enqueue-dialog.tsx';
import { useAction } from './use-action.ts';

type Asked = 'note' | 'fail' | 'enqueue';

/** What may be done with a trial; nothing where the source allows no changes. */
export function TrialActions({ study, trial }: { readonly study: LiveStudy; readonly trial: Trial }) {
  const actions = source.value?.actions;
  const [asked, setAsked] = useState<Asked>();
  const { run } = useAction();
  if (!actions) return null;
  const close = () => setAsked(undefined);
  const { number } = trial;
  return (
    <>
      <button type="button" onClick={() => setAsked('note')}>
        Note
      </button>
      <button type="button" onClick={() => setAsked('enqueue')}>
        Enqueue again
      </button>
      {trial.state === 'running' && (
        <button type="button" class="danger" onClick={() => setAsked('fail')}>
          Fail
        </button>
      )}
      {asked === 'note' && (
        <TextDialog
          title={`Note on trial ${number}`}
          label="Note"
          action="Save"
          text={trial.note ?? ''}
          onClose={close}
          onSubmit={async (note) =>
            (await run(() => actions.note(study.name, { number, note }), 'The note is saved.')) && close()
          }
        />
      )}
      {asked === 'fail' && (
        <TextDialog
          title={`Fail trial ${number}?`}
          label="Reason"
          action="Fail the trial"
          text="stopped in the dashboard"
          isDanger
          onClose={close}
          onSubmit={async (reason) =>
            (await run(() => actions.fail(study.name, number, reason), `Trial ${number} has failed.`)) &&
            close()
          }
        />
      )}
      {asked === 'enqueue' && <EnqueueDialog study={study} params={trial.params} onClose={close} />}
    </>
  );
}

/** Asks for a text. */
export function TextDialog({
  title,
  label,
  action,
  text,
  isDanger = false,
  onClose,
  onSubmit,
}: {
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly text: string;
  readonly isDanger?: boolean;
  onClose(): void;
  onSubmit(text: string): void;
}) {
  const [value, setValue] = useState(text);
  return (
    <Dialog
      title={title}
      action={action}
      isDanger={isDanger}
      onClose={onClose}
      onSubmit={() => onSubmit(value)}
    >
      <label class="field">
        {label}
        <textarea rows={3} value={value} onInput={(event) => setValue(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
