/** Studies as resources: the list, and each of them. */
import { safeAnswer } from './safe-answer.ts';
import { studyPath } from './study-calls.ts';
import type { StudyTools } from './study-tools.ts';
import { withToolTrials } from './tool-trial.ts';

const listUri = 'foothold://studies';
const mimeType = 'application/json';
/** Studies that the list of resources has one by one. */
const manyStudies = 100;

export const resourceTemplates = [
  { uriTemplate: `${listUri}/{name}`, name: 'study', description: 'A study and its best trial', mimeType },
];

/** The resources that there are now. */
export async function listedResources({ calls }: StudyTools) {
  const { studies } = await calls.call({ path: '/studies' });
  const names = (studies as readonly { readonly name: string }[]).slice(0, manyStudies);
  return [
    { uri: listUri, name: 'studies', description: 'Summaries of all studies', mimeType },
    ...names.map(({ name }) => ({ uri: `${listUri}/${encodeURIComponent(name)}`, name, mimeType })),
  ];
}

/** What is at the address; undefined where nothing is. Throws AnswerError for a study that is not there. */
export async function readResource(uri: string, { calls }: StudyTools) {
  const name = uri.startsWith(`${listUri}/`) ? decoded(uri.slice(listUri.length + 1)) : undefined;
  if (uri !== listUri && !name) return undefined;
  const content = name
    ? {
        ...(await calls.call({ path: studyPath(name) })),
        best: withToolTrials(await calls.call({ path: studyPath(name, 'best') }))['trial'],
      }
    : withToolTrials(await calls.call({ path: '/studies' }));
  return { uri, mimeType, text: JSON.stringify(safeAnswer(content)) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
