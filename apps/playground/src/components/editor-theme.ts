import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the colours of the page, which reach into its shadow root by custom properties. */
export const editorTheme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', height: '100%', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '&.cm-focused': { outline: '2px solid var(--primary)', outlineOffset: '-2px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--raised) 60%, transparent)',
  },
  '.cm-matchingBracket': {
    backgroundColor: 'var(--raised) !important',
    outline: '1px solid var(--strong-line)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1.5px',
    backgroundColor: 'var(--bad-ground)',
  },
});

/** Words by their kind; each colour has a contrast of 4.5 or more to both grounds. */
export const editorColours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'light-dark(#8a2da5, #d2a8ff)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'light-dark(#00694c, #56d3a2)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#a84a00, #ff9a63)' },
  { tag: [tags.typeName, tags.className], color: 'light-dark(#7a5200, #e3b95f)' },
  { tag: tags.function(tags.variableName), color: 'light-dark(#00639b, #6cb6ea)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
]);
