import { useEffect, useRef, useState } from 'preact/hooks';
import { source } from '../app-state.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { Card } from './card.tsx';

/** Lines that are shown, the last ones. */
const shownLines = 200;

/** What the trial's program printed last. `attribute`: where older programs kept it. Nothing where it printed nothing. */
export function TrialOutput({
  study,
  number,
  attribute,
}: {
  readonly study: LiveStudy;
  readonly number: number;
  readonly attribute: unknown;
}) {
  const lines = useOutput(study, number) ?? linesOf(attribute);
  const shown = lines.slice(-shownLines).join('\n');
  const region = useRef<HTMLElement>(null);
  // What was printed last is read first.
  useEffect(() => region.current?.scrollTo(0, region.current.scrollHeight), [shown]);
  if (lines.length === 0) return null;
  return (
    <Card title="What its program printed last">
      <section class="output" ref={region} aria-label="Last lines of the output" tabIndex={0}>
        <pre>{shown}</pre>
      </section>
    </Card>
  );
}

/** The lines that the log has of this trial, again where there are newer ones; undefined without. */
function useOutput({ name, state, version }: LiveStudy, number: number): readonly string[] | undefined {
  void version.value; // what this component depends on changes in place
  const position = state.outputs.get(number);
  const [read, setRead] = useState<{ readonly number: number; readonly lines: readonly string[] }>();
  useEffect(() => {
    if (position === undefined) return;
    let isOver = false;
    const show = (lines: readonly string[]) => {
      if (!isOver) setRead({ number, lines });
    };
    source
      .value!.output(name, number)
      .then(show, (error: unknown) =>
        show([`The output cannot be read: ${error instanceof Error ? error.message : String(error)}`]),
      );
    return () => {
      isOver = true;
    };
  }, [name, number, position]);
  return position !== undefined && read?.number === number ? read.lines : undefined;
}

function linesOf(attribute: unknown): readonly string[] {
  if (attribute === undefined) return [];
  return Array.isArray(attribute) ? attribute.map(String) : [String(attribute)];
}
