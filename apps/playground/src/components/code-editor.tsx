import { useEffect, useRef, useState } from 'preact/hooks';
import type { ProgramFault } from '../program/program-fault.ts';
import { wantedPlace } from './editor-place.ts';
import type { Editor } from './editor-view.ts';

interface CodeEditorProps {
  readonly text: string;
  /** Another one says that `text` is not what was written here. */
  readonly revision: number;
  readonly fault: ProgramFault | undefined;
  onChange(text: string): void;
  onRun(): void;
}

const label = 'Program in TypeScript';

/** The program: a plain field until the editor's code is there. */
export function CodeEditor({ text, revision, fault, onChange, onRun }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor>();
  const latest = useRef({ onChange, onRun, text });
  latest.current = { onChange, onRun, text };
  useEffect(() => {
    let made: Editor | undefined;
    let isGone = false;
    void import('./editor-view.ts').then(
      ({ editorView }) => {
        if (isGone || !place.current) return;
        made = editorView(place.current, {
          ...{ label, text: latest.current.text },
          onChange: (changed) => latest.current.onChange(changed),
          onRun: () => latest.current.onRun(),
        });
        setEditor(made);
      },
      () => undefined, // the plain field stays
    );
    return () => {
      isGone = true;
      made?.close();
    };
  }, []);
  useEffect(() => editor?.setText(latest.current.text), [editor, revision]);
  useEffect(() => editor?.setFault(fault), [editor, fault]);
  const wanted = wantedPlace.value;
  useEffect(() => {
    if (wanted) editor?.goTo(wanted);
  }, [editor, wanted]);
  return (
    <div class="editor">
      {!editor && (
        <textarea
          aria-label={label}
          spellcheck={false}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <div ref={place} class="editor-place" />
    </div>
  );
}
