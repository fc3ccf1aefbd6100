const words = {
  running: 'Running',
  interrupted: 'Interrupted',
  failed: 'Failed',
  new: 'New',
  idle: 'Idle',
  complete: 'Complete',
  pruned: 'Pruned',
  deleted: 'Deleted',
} as const;

/** State of a study or a trial, as a dot and a word. */
export function Badge({ state }: { readonly state: keyof typeof words }) {
  return (
    <span class="badge" data-state={state}>
      {words[state]}
    </span>
  );
}
