import { type HttpClient, linkOf } from './http-client.ts';
import type { ShareActions, ShareLink, StudyActions } from './study-source.ts';

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
    deleteTrial: (study, number) => post(`${path(study)}/delete`, { number }),
    restoreTrial: (study, number) => post(`${path(study)}/restore`, { number }),
    release: (study, number) => post(`${path(study)}/release`, { number }),
    stop: (study) => post(`${path(study)}/stop`, {}),
    resume: (study) => post(`${path(study)}/resume`, {}),
    rename: (study, to) => post(`${path(study)}/rename`, { to }),
    async remove(study) {
      await client.response(path(study), { method: 'DELETE' });
    },
    async exported(study, format) {
      return (await client.response(`${path(study)}/export?format=${format}`)).blob();
    },
    shares: shareActions(client),
  };
}

function shareActions(client: HttpClient): ShareActions {
  return {
    async list(study) {
      const { shares } = await client.json<{
        readonly shares: readonly (ShareLink & { readonly study: string })[];
      }>('/shares');
      return shares.filter((share) => share.study === study).toSorted((a, b) => a.expires - b.expires);
    },
    async make(study, seconds) {
      const { id, token, expires } = await client.json<ShareLink & { readonly token: string }>('/shares', {
        method: 'POST',
        body: { study, seconds },
      });
      return { id, expires, address: linkOf(token, `/studies/${encodeURIComponent(study)}`) };
    },
    async revoke(id) {
      await client.response(`/shares/${encodeURIComponent(id)}`, { method: 'DELETE' });
    },
  };
}
