import type { ComponentChildren } from 'preact';

export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note?: ComponentChildren;
}

/** A few figures side by side. */
export function Tiles({ tiles }: { readonly tiles: readonly Tile[] }) {
  return (
    <dl class="tiles">
      {tiles.map(({ name, value, note }) => (
        <div key={name} class="tile">
          <dt>{name}</dt>
          <dd>
            <span class="tile-value">{value}</span>
            <span class="muted">{note || '\u00a0'}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
