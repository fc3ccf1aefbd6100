import type { LiveStudy } from '../study/live-study.ts';

/** Whether the page is up to date. */
export function ConnectionBadge({ study }: { readonly study: LiveStudy }) {
  const { state } = study.connection.value;
  if (state === 'ended') return null;
  const isLive = state === 'live';
  return (
    <span class="connection" data-live={isLive} role="status">
      {isLive ? 'Live' : state === 'offline' ? 'Offline: showing what was read' : 'Reading …'}
    </span>
  );
}
