import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** A question over the page; Escape and the button at the left close it. */
export function Dialog({
  title,
  children,
  action,
  isDanger = false,
  close = 'Cancel',
  onClose,
  onSubmit,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Text of the button that does it. */
  readonly action: string;
  readonly isDanger?: boolean;
  /** Text of the button that closes it. */
  readonly close?: string;
  onClose(): void;
  onSubmit(): void;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => element.current?.showModal(), []);
  return (
    <dialog ref={element} aria-labelledby={id} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div class="dialog-buttons">
          <button type="button" onClick={onClose}>
            {close}
          </button>
          <button type="submit" class={isDanger ? 'danger' : 'primary'}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
