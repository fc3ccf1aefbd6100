/** The forms of a study that are texts, without anything of Node: for browsers and workers. */
export { isStudyJson, studyJson, studyOfJson } from './study-json.ts';
export { studyTable } from './study-table.ts';
