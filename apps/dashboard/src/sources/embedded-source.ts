import type { StudyEvent } from '@foothold/core';
import { replay, studySummaryOf } from '@foothold/study';
import type { StudySource } from './study-source.ts';

/** A study with its whole log. */
export interface EmbeddedStudy {
  readonly name: string;
  readonly events: readonly StudyEvent[];
}

/** Studies that are inside of the page: a report in one file. Nothing comes and nothing can be changed. */
export function embeddedSource(studies: readonly EmbeddedStudy[]): StudySource {
  return {
    isLive: false,
    async studies() {
      return studies.map(({ name, events }) => {
        try {
          return (
            studySummaryOf(name, replay(events), { alive: () => undefined }) ?? {
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
  };
}

/** The studies in the script element with this id (`{"studies":[{"name","events"}]}`, type application/json); undefined where there is none. */
export function embeddedStudies(id: string): readonly EmbeddedStudy[] | undefined {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as { readonly studies: readonly EmbeddedStudy[] }).studies : undefined;
}
