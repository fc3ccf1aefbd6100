import { useEffect } from 'preact/hooks';
import { fault, runState } from '../tuning/run-state.ts';
import { run } from '../tuning/runner.ts';
import { change, replaced, workspace } from '../workspace/workspace.ts';
import { CodeEditor } from './code-editor.tsx';
import { ExamplePicker } from './example-picker.tsx';
import { FaultMessage } from './fault-message.tsx';
import { RunBar } from './run-bar.tsx';
import { SettingsForm } from './settings-form.tsx';

/** The program, what is set beside it, and what runs it. */
export function ProgramPanel() {
  const { code, name } = workspace.value;
  // A fault is of the program that was run.
  useEffect(() => {
    if (runState.value.state === 'idle') fault.value = undefined;
  }, [name]);
  return (
    <section class="program" aria-label="Program">
      <ExamplePicker />
      <CodeEditor
        text={code}
        revision={replaced.value}
        fault={fault.value}
        onChange={(text) => change({ code: text })}
        onRun={() => void run(workspace.value)}
      />
      <RunBar />
      <FaultMessage />
      <SettingsForm />
    </section>
  );
}
