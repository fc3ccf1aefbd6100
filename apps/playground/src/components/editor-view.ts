import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { ProgramFault } from '../program/program-fault.ts';
import { editorColours, editorTheme } from './editor-theme.ts';

/** An editor in the page. */
export interface Editor {
  /** Another text; nothing where it is the same. */
  setText(text: string): void;
  /** Marks the place of a fault, or none. */
  setFault(fault: ProgramFault | undefined): void;
  /** Puts the cursor there. */
  goTo(fault: ProgramFault): void;
  close(): void;
}

interface EditorOptions {
  readonly label: string;
  readonly text: string;
  onChange(text: string): void;
  /** Control (or Command) and Enter. */
  onRun(): void;
}

/**
 * CodeMirror inside of an element. It is in a shadow root: there its styles are adopted style sheets, which a policy without inline style allows. Tab
 * leaves it, as any other field.
 */
export function editorView(place: HTMLElement, { label, text, onChange, onRun }: EditorOptions): Editor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
  let isSetting = false;
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: extensionsOf({ label, onRun, changed: (changed) => !isSetting && onChange(changed) }),
    }),
  });
  return {
    setText(other) {
      if (view.state.doc.toString() === other) return;
      isSetting = true;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: other },
        selection: { anchor: 0 },
      });
      isSetting = false;
    },
    setFault(fault) {
      view.dispatch(
        setDiagnostics(view.state, fault?.line === undefined ? [] : [diagnosticOf(view.state.doc, fault)]),
      );
    },
    goTo(fault) {
      const { from } = diagnosticOf(view.state.doc, fault);
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

/** The line of a fault from its column on; the text may have become shorter since. */
function diagnosticOf(doc: Text, { line = 1, column = 1, message }: ProgramFault) {
  const { from, to } = doc.line(Math.min(line, doc.lines));
  const start = Math.min(from + column - 1, to);
  return { from: start < to ? start : from, to, severity: 'error' as const, message };
}

function extensionsOf({
  label,
  onRun,
  changed,
}: {
  readonly label: string;
  onRun(): void;
  changed(text: string): void;
}): Extension {
  return [
    lineNumbers(),
    history(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    javascript({ typescript: true }),
    syntaxHighlighting(editorColours),
    editorTheme,
    keymap.of([
      {
        key: 'Mod-Enter',
        run() {
          onRun();
          return true;
        },
      },
      ...defaultKeymap,
      ...historyKeymap,
    ]),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
  ];
}
