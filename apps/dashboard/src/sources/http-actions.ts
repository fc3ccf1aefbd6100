import type { HttpClient } from './http-client.ts';
import type { StudyActions } from './study-source.ts';

/** What may be done at a server, by the operations of its protocol. */
export function httpActions(client: HttpClient): StudyActions {
  const path = (study: string) => `/studies/${encodeURIComponent(study)}`;
  const post = async (address: string, body: unknown) => {
    await client.json(address, { method: 'POST', body });
  };
  return {
    enqueue: (study, params) => post(`${path(study)}/enqueue`, { params }),
    note: (study, notes) => post(`${path(study)}/note`, notes),
    fail: (study, number, reason) => post(`${path(study)}/fail`, { number, reason }),
    stop: (study) => post(`${path(study)}/stop`, {}),
    resume: (study) => post(`${path(study)}/resume`, {}),
    rename: (study, to) => post(`${path(study)}/rename`, { to }),
    async remove(study) {
      await client.response(path(study), { method: 'DELETE' });
    },
    async exported(study, format) {
      return (await client.response(`${path(study)}/export?format=${format}`)).blob();
    },
  };
}
