import type { Attributes, Json, StudyEvent } from '@foothold/core';

/** The attribute under which programs keep what they printed. */
const outputAttribute = 'output';

export interface ReportedEventsOptions {
  /** Last lines that stay of what a program printed. */
  readonly lines: number;
  readonly textOf?: ((text: string) => string) | undefined;
}

/**
 * The log as a report has it: without the keys of requests, with `textOf` for texts that are no parameters (how trials are evaluated, notes, attributes,
 * reasons of failures), and with the last lines of what programs printed. `shortened`: trials of which lines are left out.
 */
export function reportedEvents(
  events: readonly StudyEvent[],
  { lines, textOf = (text) => text }: ReportedEventsOptions,
): { readonly events: readonly StudyEvent[]; readonly shortened: number } {
  const shortened = new Set<number>();
  const newest = new Map(
    events.flatMap((event, i) => (event.type === 'printed' ? [[event.number, i] as const] : [])),
  );
  const attributes = (own: Attributes, number: number | undefined): Attributes => {
    const { [outputAttribute]: output, ...rest } = own;
    const others = texts(rest, textOf) as Attributes;
    if (output === undefined || number === undefined) return texts(own, textOf) as Attributes;
    const printed = Array.isArray(output) ? output : String(output).split('\n');
    if (printed.length <= lines) return texts(own, textOf) as Attributes;
    shortened.add(number);
    return lines === 0 ? others : { ...others, [outputAttribute]: texts(printed.slice(-lines), textOf) };
  };
  const of = (event: StudyEvent, position: number): StudyEvent => {
    switch (event.type) {
      case 'asked': {
        const { key: _, ...lease } = event.lease;
        return { ...event, lease };
      }
      case 'described':
        return { ...event, facts: texts(event.facts, textOf) as typeof event.facts };
      case 'noted':
        return {
          ...event,
          ...(event.note !== undefined && { note: textOf(event.note) }),
          ...(event.attributes && { attributes: attributes(event.attributes, event.number) }),
        };
      case 'printed': {
        if (newest.get(event.number) !== position) return { ...event, lines: [] }; // replaced since
        if (event.lines.length > lines) shortened.add(event.number);
        const kept = lines === 0 ? [] : event.lines.slice(-lines);
        return { ...event, lines: kept.map(textOf) };
      }
      case 'loaded':
      case 'told':
        return event.outcome.state === 'failed'
          ? { ...event, outcome: { ...event.outcome, reason: textOf(event.outcome.reason) } }
          : event;
      default:
        return event;
    }
  };
  const result = events.map(of);
  return { events: result, shortened: shortened.size };
}

/** JSON with other texts in place of its texts; names stay. */
function texts(value: Json, textOf: (text: string) => string): Json {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return value.map((one) => texts(one as Json, textOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, texts(own as Json, textOf)]));
}
