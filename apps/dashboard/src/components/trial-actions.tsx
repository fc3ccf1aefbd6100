import type { Trial } from '@foothold/core';
import { useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import type { StudyActions } from '../sources/study-source.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { Dialog } from './dialog.tsx';
import { EnqueueDialog } from './enqueue-dialog.tsx';
import { useAction } from './use-action.ts';

type Asked = 'note' | 'fail' | 'enqueue' | 'delete';

/** What may be done with a trial; nothing where the source allows no changes. */
export function TrialActions({ study, trial }: { readonly study: LiveStudy; readonly trial: Trial }) {
  void study.version.value; // leases change while the trial stays the same
  const actions = source.value?.actions;
  const [asked, setAsked] = useState<Asked>();
  const { run } = useAction();
  if (!actions) return null;
  const close = () => setAsked(undefined);
  const { number } = trial;
  const restore = () => run(() => actions.restoreTrial(study.name, number), `Trial ${number} counts again.`);
  if (study.state.deleted.has(number))
    return (
      <button type="button" class="primary" onClick={restore}>
        Restore
      </button>
    );
  return (
    <>
      <button type="button" onClick={() => setAsked('note')}>
        Note
      </button>
      <button type="button" onClick={() => setAsked('enqueue')}>
        Enqueue again
      </button>
      {trial.state === 'running' && (
        <>
          {study.state.leases.has(number) && <ReleaseButton study={study} number={number} />}
          <button type="button" class="danger" onClick={() => setAsked('fail')}>
            Fail
          </button>
        </>
      )}
      <button type="button" class="danger" onClick={() => setAsked('delete')}>
        Delete
      </button>
      {asked && <AskedDialog {...{ study, trial, asked, restore }} actions={actions} onClose={close} />}
    </>
  );
}

interface AskedProps {
  readonly study: LiveStudy;
  readonly trial: Trial;
  readonly asked: Asked;
  readonly actions: StudyActions;
  readonly restore: () => void;
  readonly onClose: () => void;
}

/** The question that belongs to what was asked for. */
function AskedDialog({ study, trial, asked, actions, restore, onClose }: AskedProps) {
  const { run } = useAction();
  const { number } = trial;
  const done = async (work: Promise<boolean>) => {
    if (await work) onClose();
  };
  const note = (text: string) =>
    done(run(() => actions.note(study.name, { number, note: text }), 'The note is saved.'));
  const fail = (reason: string) =>
    done(run(() => actions.fail(study.name, number, reason), `Trial ${number} has failed.`));
  const remove = () =>
    done(run(() => actions.deleteTrial(study.name, number), `Trial ${number} is deleted.`, restore));
  switch (asked) {
    case 'note':
      return (
        <TextDialog
          title={`Note on trial ${number}`}
          label="Note"
          action="Save"
          text={trial.note ?? ''}
          onClose={onClose}
          onSubmit={note}
        />
      );
    case 'fail':
      return (
        <TextDialog
          title={`Fail trial ${number}?`}
          label="Reason"
          action="Fail the trial"
          text="stopped in the dashboard"
          isDanger
          onClose={onClose}
          onSubmit={fail}
        />
      );
    case 'delete':
      return <DeleteDialog trial={trial} onClose={onClose} onSubmit={remove} />;
    default:
      return <EnqueueDialog study={study} params={trial.params} onClose={onClose} />;
  }
}

/** Gives a running trial back; nothing where the source allows no changes. */
function ReleaseButton({ study, number }: { readonly study: LiveStudy; readonly number: number }) {
  const actions = source.value?.actions;
  const { run } = useAction();
  const release = () =>
    run(
      () => actions!.release(study.name, number),
      `Trial ${number} has no worker now. The next ask gives it out again.`,
    );
  return (
    <button type="button" onClick={release} title="For a worker that is gone: the next ask gets this trial">
      Release
    </button>
  );
}

function DeleteDialog({
  trial: { number, state },
  onClose,
  onSubmit,
}: {
  readonly trial: Trial;
  onClose(): void;
  onSubmit(): void;
}) {
  return (
    <Dialog
      title={`Delete trial ${number}?`}
      action="Delete the trial"
      isDanger
      onClose={onClose}
      onSubmit={onSubmit}
    >
      <p>
        It counts nowhere any more: not as the best, not for suggestions, not in exports. The log keeps it,
        and it can be restored.
        {state === 'running' &&
          ' Its worker learns of it at its next report. What it tells is kept with the trial.'}
      </p>
    </Dialog>
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
