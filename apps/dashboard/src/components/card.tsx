import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A titled part of a page. `tools`: controls at the right of the title. */
export function Card({
  title,
  note,
  tools,
  children,
  class: more = '',
}: {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}) {
  const id = useId();
  return (
    <section class={`card ${more}`} aria-labelledby={id}>
      <header class="card-head">
        <h2 id={id}>{title}</h2>
        {tools && <div class="tools">{tools}</div>}
      </header>
      {note && <p class="card-note">{note}</p>}
      {children}
    </section>
  );
}

/** One of several, as buttons side by side. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: string;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly value: T;
  onChange(value: T): void;
}) {
  return (
    <fieldset class="choice" aria-label={label}>
      {options.map(([own, text]) => (
        <button key={own} type="button" aria-pressed={own === value} onClick={() => onChange(own)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
