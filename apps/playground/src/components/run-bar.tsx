import { addressOf, Dialog, goTo, tellPerson } from '@foothold/app-dashboard';
import { deleteStudy } from '@foothold/study';
import { useState } from 'preact/hooks';
import { deleting, storage } from '../sources/browser-studies.ts';
import { fault, outcomeText, runState } from '../tuning/run-state.ts';
import { isRunning, pause, run } from '../tuning/runner.ts';
import { addressOfExample } from '../workspace/example-address.ts';
import { currentExample, stagesOf, workspace } from '../workspace/workspace.ts';

/** Runs, pauses and resets; says what goes on. */
export function RunBar() {
  const [isAsking, setAsking] = useState(false);
  const now = runState.value;
  const { name } = workspace.value;
  return (
    <div class="run-bar">
      {now.state === 'idle' ? (
        <button
          type="button"
          class="primary"
          title="Control and Enter"
          onClick={() => void run(workspace.value)}
        >
          Run
        </button>
      ) : (
        <button type="button" class="primary" disabled={now.state === 'pausing'} onClick={() => void pause()}>
          Pause
        </button>
      )}
      <button type="button" onClick={() => setAsking(true)}>
        Reset
      </button>
      <p class="muted" role="status">
        {statusText()}
      </p>
      {isAsking && (
        <Dialog
          title={`Reset ${name}?`}
          action="Delete its trials"
          isDanger
          onClose={() => setAsking(false)}
          onSubmit={() => {
            setAsking(false);
            void reset(name);
          }}
        >
          <p>The program stays; the trials of its study are gone then. This cannot be undone.</p>
        </Dialog>
      )}
    </div>
  );
}

function statusText(): string {
  const now = runState.value;
  switch (now.state) {
    case 'idle':
      return outcomeText.value;
    case 'starting':
      return 'The program is read …';
    case 'running':
      return `${now.name} runs.`;
    case 'pausing':
      return 'Pausing …';
  }
}

/** Deletes the studies of a program. */
async function reset(name: string): Promise<void> {
  try {
    if (isRunning(name)) await pause();
    const example = currentExample();
    goTo(example ? addressOfExample(example.id) : addressOf.studies());
    deleting.value = name;
    const there = await storage.studies();
    for (const study of stagesOf(name).filter((one) => there.includes(one)))
      await deleteStudy(storage, study, { force: true });
    fault.value = undefined;
    outcomeText.value = 'The trials are deleted.';
  } catch (error) {
    tellPerson(error instanceof Error ? error.message : String(error), true);
  } finally {
    deleting.value = undefined;
  }
}
