import { examples } from '../examples/examples.ts';
import { addressOfExample } from '../workspace/example-address.ts';
import { currentExample, restore, workspace } from '../workspace/workspace.ts';

/** The examples side by side, and what the chosen one is. */
export function ExamplePicker() {
  const current = currentExample();
  const isChanged = current !== undefined && workspace.value.code !== current.code;
  return (
    <nav class="examples" aria-label="Examples">
      <ul>
        {examples.map(({ id, title }) => (
          <li key={id}>
            <a href={addressOfExample(id)} {...(id === current?.id && { 'aria-current': 'true' as const })}>
              {title}
            </a>
          </li>
        ))}
      </ul>
      <p>
        {current?.text ?? `The program of ${workspace.value.name}.`}{' '}
        {isChanged && (
          <button type="button" class="quiet" onClick={() => restore(current)}>
            Restore the example
          </button>
        )}
      </p>
    </nav>
  );
}
