import type { ComponentChildren } from 'preact';

/** What stands where something will be. */
export function Loading({ what, share }: { readonly what: string; readonly share?: number | undefined }) {
  return (
    <div class="state" role="status">
      <progress max={1} {...(share !== undefined && { value: share })} aria-label={`Reading ${what}`} />
      <p>Reading {what} …</p>
    </div>
  );
}

/** What stands where there is nothing, or where something is wrong. */
export function Message({
  title,
  children,
  isFault = false,
  isPage = false,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly isFault?: boolean;
  /** True where it stands for the whole page. */
  readonly isPage?: boolean;
}) {
  return (
    <section class={isFault ? 'state fault' : 'state'} {...(isFault && { role: 'alert' })}>
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </section>
  );
}
