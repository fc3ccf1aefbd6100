import { useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import { addressOf, goTo } from '../route.ts';
import type { StudyActions as Actions } from '../sources/study-source.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { fileNameOf } from '../text.ts';
import { Dialog } from './dialog.tsx';
import { EnqueueDialog } from './enqueue-dialog.tsx';
import { saveFile } from './save-file.ts';
import { ShareDialog } from './share-dialog.tsx';
import { TextDialog } from './trial-actions.tsx';
import { useAction } from './use-action.ts';

type Asked = 'enqueue' | 'share' | 'note' | 'rename' | 'delete';

/** What may be done with a study, in a menu; nothing where the source allows no changes. */
export function StudyActions({ study }: { readonly study: LiveStudy }) {
  const actions = source.value?.actions;
  const [asked, setAsked] = useState<Asked>();
  const { run } = useAction();
  if (!actions) return null;
  const item = (text: string, act: () => void, isDanger = false) => (
    <button type="button" class={isDanger ? 'menu-item danger' : 'menu-item'} onClick={act}>
      {text}
    </button>
  );
  const exported = (format: 'csv' | 'json') =>
    run(
      async () => saveFile(await actions.exported(study.name, format), fileNameOf(study.name, format)),
      'The file is saved.',
    );
  return (
    <>
      <button type="button" onClick={() => setAsked('enqueue')}>
        Enqueue
      </button>
      {actions.shares && (
        <button type="button" onClick={() => setAsked('share')}>
          Share
        </button>
      )}
      <details class="menu">
        <summary>More</summary>
        <div class="popup">
          {item('Note', () => setAsked('note'))}
          {item('Export CSV', () => exported('csv'))}
          {item('Export JSON', () => exported('json'))}
          {actions.exportedLog &&
            item('Export log', () =>
              run(
                async () => saveFile(await actions.exportedLog!(study.name), fileNameOf(study.name, 'jsonl')),
                'The file is saved.',
              ),
            )}
          {item('Stop', () =>
            run(() => actions.stop(study.name), 'No trial is given out until the study is resumed.'),
          )}
          {item('Resume', () => run(() => actions.resume(study.name), 'Trials are given out again.'))}
          {item('Rename', () => setAsked('rename'))}
          {item('Delete', () => setAsked('delete'), true)}
        </div>
      </details>
      <AskedDialog study={study} actions={actions} asked={asked} onClose={() => setAsked(undefined)} />
    </>
  );
}

interface AskedProps {
  readonly study: LiveStudy;
  readonly actions: Actions;
  readonly asked: Asked | undefined;
  onClose(): void;
}

function AskedDialog({ study, actions, asked, onClose }: AskedProps) {
  switch (asked) {
    case 'enqueue':
      return <EnqueueDialog study={study} params={study.best.value?.params ?? {}} onClose={onClose} />;
    case 'share':
      return actions.shares ? (
        <ShareDialog study={study.name} shares={actions.shares} onClose={onClose} />
      ) : null;
    case 'note':
      return <NoteDialog study={study} actions={actions} onClose={onClose} />;
    case 'rename':
      return <RenameDialog study={study} actions={actions} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog study={study} actions={actions} onClose={onClose} />;
    default:
      return null;
  }
}

type DialogProps = Omit<AskedProps, 'asked'>;

function NoteDialog({ study: { name, state }, actions, onClose }: DialogProps) {
  const { run } = useAction();
  const submit = async (note: string) => {
    if (await run(() => actions.note(name, { note }), 'The note is saved.')) onClose();
  };
  return (
    <TextDialog
      title="Note on the study"
      label="Note"
      action="Save"
      text={state.note ?? ''}
      onClose={onClose}
      onSubmit={submit}
    />
  );
}

function RenameDialog({ study: { name }, actions, onClose }: DialogProps) {
  const { run } = useAction();
  const submit = async (text: string) => {
    const to = text.trim();
    if (await run(() => actions.rename(name, to), `The study is ${to} now.`)) goTo(addressOf.study(to));
  };
  return (
    <TextDialog
      title={`Rename ${name}`}
      label="New name"
      action="Rename"
      text={name}
      onClose={onClose}
      onSubmit={submit}
    />
  );
}

function DeleteDialog({ study: { name, state }, actions, onClose }: DialogProps) {
  const { run } = useAction();
  const submit = async () => {
    if (await run(() => actions.remove(name), `${name} is deleted.`)) goTo(addressOf.studies());
  };
  return (
    <Dialog title={`Delete ${name}?`} action="Delete the study" isDanger onClose={onClose} onSubmit={submit}>
      <p>All {state.trials.length.toLocaleString('en')} trials are gone then. This cannot be undone.</p>
    </Dialog>
  );
}
