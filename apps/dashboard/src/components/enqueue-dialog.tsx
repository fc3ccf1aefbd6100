import type { ParameterDescription, Params } from '@foothold/core';
import { useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { Dialog } from './dialog.tsx';
import { useAction } from './use-action.ts';

type Value = Params[string];

/** Asks for parameters, beginning with those of a trial; what is left empty the sampler chooses. */
export function EnqueueDialog({
  study,
  params,
  onClose,
}: {
  readonly study: LiveStudy;
  readonly params: Params;
  onClose(): void;
}) {
  const fields = Object.entries(study.state.space ?? {}).filter(([name]) => !name.startsWith('$'));
  const [values, setValues] = useState<Params>(() =>
    Object.fromEntries(
      fields.flatMap(([name]) => (params[name] === undefined ? [] : [[name, params[name]]])),
    ),
  );
  const { run } = useAction();
  const set = (name: string, value: Value | undefined) => {
    const { [name]: _, ...others } = values;
    setValues(value === undefined ? others : { ...others, [name]: value });
  };
  const submit = async () => {
    if (
      await run(
        () => source.value!.actions!.enqueue(study.name, values),
        'The parameters are enqueued: the next trial has them.',
      )
    )
      onClose();
  };
  return (
    <Dialog title="Enqueue parameters" action="Enqueue" onClose={onClose} onSubmit={submit}>
      <p class="muted">The next trial that is asked for has these. What is left empty the sampler chooses.</p>
      <div class="fields">
        {fields.map(([name, description]) => (
          <ParamField
            key={name}
            name={name}
            description={description}
            value={values[name]}
            set={(value) => set(name, value)}
          />
        ))}
      </div>
    </Dialog>
  );
}

function ParamField({
  name,
  description,
  value,
  set,
}: {
  readonly name: string;
  readonly description: ParameterDescription;
  readonly value: Value | undefined;
  set(value: Value | undefined): void;
}) {
  if ('choices' in description) {
    const at = description.choices.findIndex((choice) => Object.is(choice, value));
    return (
      <label class="field">
        {name}
        <select
          value={String(at)}
          onChange={(event) => set(description.choices[Number(event.currentTarget.value)])}
        >
          <option value="-1">the sampler’s choice</option>
          {description.choices.map((choice, i) => (
            <option key={String(choice)} value={String(i)}>
              {String(choice)}
            </option>
          ))}
        </select>
      </label>
    );
  }
  return (
    <label class="field">
      {name}
      <input
        type="number"
        step={description.type === 'int' ? 1 : 'any'}
        min={description.low}
        max={description.high}
        value={typeof value === 'number' ? value : ''}
        onInput={(event) =>
          set(event.currentTarget.value === '' ? undefined : event.currentTarget.valueAsNumber)
        }
      />
    </label>
  );
}
