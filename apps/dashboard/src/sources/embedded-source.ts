import type { StudyEvent } from '@foothold/core';
import { replay, studySummaryOf } from '@foothold/study';
import { outputIn } from './output-in.ts';
import type { StudySource } from './study-source.ts';

/** A study with its whole log. */
export interface EmbeddedStudy {
  readonly name: string;
  readonly events: readonly StudyEvent[];
}

/** What a report shows, as it stands in the file. `@foothold/server` writes it. */
export interface ReportContent {
  readonly title: string;
  /** Milliseconds since 1970 when it was written. */
  readonly writtenAt: number;
  /** The program that wrote it, with its version. */
  readonly program: string;
  readonly studies: readonly EmbeddedStudy[];
  /** Trials whose programs printed more than is in the file. */
  readonly shortened?: number;
}

/** Studies that are inside of the page: a report in one file. Nothing comes and nothing can be changed. */
export function embeddedSource(content: ReportContent): StudySource {
  const { studies, title, writtenAt, program, shortened } = content;
  return {
    isLive: false,
    report: { title, writtenAt, program, shortened, names: studies.map(({ name }) => name) },
    async studies() {
      return studies.map(({ name, events }) => {
        try {
          return (
            studySummaryOf(name, replay(events), { alive: () => undefined, now: writtenAt }) ?? {
              name,
              unreadable: 'the log is empty',
            }
          );
        } catch (error) {
          return { name, unreadable: error instanceof Error ? error.message : String(error) };
        }
      });
    },
    follow(name, from, follower) {
      const study = studies.find((other) => other.name === name);
      if (!study) {
        follower.connection({
          state: 'failed',
          message: `There is no study “${name}” in this page.`,
          code: 'not-found',
        });
        return;
      }
      follower.events(study.events.slice(from));
      follower.connection({ state: 'ended' });
    },
    async output(name, number) {
      return outputIn(studies.find((other) => other.name === name)?.events ?? [], number);
    },
  };
}
