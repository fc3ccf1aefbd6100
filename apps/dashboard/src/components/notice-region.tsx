import { notice } from '../app-state.ts';

/** The sentence for the person that is shown now, with a button that takes back what was done where that can be. */
export function NoticeRegion() {
  const shown = notice.value;
  return (
    <div class="notice-region" role="status" aria-live="polite">
      {shown && (
        <p class={shown.isFault ? 'notice fault' : 'notice'}>
          {shown.text}
          {shown.undo && (
            <button type="button" class="undo" onClick={shown.undo}>
              Undo
            </button>
          )}
        </p>
      )}
    </div>
  );
}
