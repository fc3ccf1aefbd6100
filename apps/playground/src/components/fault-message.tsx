import { fault } from '../tuning/run-state.ts';
import { jumpTo } from './editor-place.ts';

/** What is wrong with the program, read out, with a way to its place. */
export function FaultMessage() {
  const shown = fault.value;
  return (
    <div class="fault-region" role="alert">
      {shown && (
        <p class="program-fault">
          {shown.trial !== undefined && `Trial ${shown.trial} failed: `}
          {shown.message}
          {shown.line !== undefined && (
            <button type="button" class="quiet" onClick={() => jumpTo(shown)}>
              Line {shown.line}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
