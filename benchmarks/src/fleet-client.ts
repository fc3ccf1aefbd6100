import type { Outcome, Params } from '@foothold/core';
import type { StudyServer } from '@foothold/server';

/** What a worker of the fleet asks of a server, by its requests. */
export interface FleetClient {
  /** A trial; `limit` where the study has as many as it may have. */
  ask(worker: string, key: string): Promise<GivenTrial | 'limit'>;
  /** `late` where another worker has the trial since. */
  tell(worker: string, number: number, outcome: Outcome): Promise<'kept' | 'late'>;
  renew(worker: string, number: number): Promise<'kept' | 'late'>;
}

export interface GivenTrial {
  readonly number: number;
  readonly params: Params;
}

/** Requests on this study of a server without a socket. `trials` is how many the study may have. */
export function fleetClient(
  server: StudyServer,
  { token, study, trials }: { readonly token: string; readonly study: string; readonly trials: number },
): FleetClient {
  const post = async (op: string, { worker, key }: FleetSender, body: object) => {
    const headers = {
      host: 'localhost',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'foothold-worker': worker,
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const request = new Request(`http://localhost/api/studies/${study}/${op}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const answer = (await (await server.fetch(request)).json()) as FleetAnswer;
    return answer;
  };
  const kept = ({ error }: FleetAnswer) => {
    if (error && error.code !== 'TrialStateError') throw new Error(`${error.code}: ${error.message}`);
    return error ? 'late' : 'kept';
  };
  return {
    async ask(worker, key) {
      const { error, trials: [trial] = [] } = await post('ask', { worker, key }, { trials });
      if (error?.code === 'TrialLimitError') return 'limit';
      if (!trial) throw new Error(`${error?.code}: ${error?.message}`);
      return trial;
    },
    tell: async (worker, number, outcome) => kept(await post('tell', { worker }, { number, ...outcome })),
    renew: async (worker, number) => kept(await post('renew', { worker }, { number })),
  };
}

interface FleetSender {
  readonly worker: string;
  readonly key?: string;
}

interface FleetAnswer {
  readonly error?: { readonly code: string; readonly message: string };
  readonly trials?: readonly GivenTrial[];
}
