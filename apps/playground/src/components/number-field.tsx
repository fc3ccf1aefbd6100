import { useEffect, useState } from 'preact/hooks';

/** A whole number from `min` on; what is none is marked and not taken. */
export function NumberField({
  label,
  min,
  value,
  onChange,
}: {
  readonly label: string;
  readonly min: number;
  readonly value: number;
  onChange(value: number): void;
}) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const isGood = (given: string) => /^\d{1,9}$/.test(given.trim()) && Number(given) >= min;
  return (
    <label class="field">
      {label}
      <input
        type="text"
        inputMode="numeric"
        value={text}
        {...(!isGood(text) && { 'aria-invalid': true })}
        onInput={(event) => {
          const given = event.currentTarget.value;
          setText(given);
          if (isGood(given)) onChange(Number(given));
        }}
      />
    </label>
  );
}
