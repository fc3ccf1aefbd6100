import type { ModelImportance, ModelInput } from '@foothold/study-model';
import type { ModelClient } from './model-client.ts';
import type { ModelSummary } from './model-service.ts';

/** What a page shows of a model. */
export type ShownModel =
  | { readonly state: 'working' }
  | { readonly state: 'too-few' }
  /** There is no worker in this page. */
  | { readonly state: 'unavailable' }
  | { readonly state: 'failed'; readonly message: string }
  | {
      readonly state: 'ready';
      /** Another number for each model. */
      readonly version: number;
      readonly summary: ModelSummary;
      /** Undefined until it is computed; that of the model before, as long as it is all there is. */
      readonly importance?: ModelImportance | undefined;
    };

/** Keeps one model after the other: the newest input that is wanted when the model before has all its figures. */
export function modelFollower(
  client: Pick<ModelClient, 'fit' | 'importance'>,
  show: (model: ShownModel) => void,
): { want(input: ModelInput): void } {
  let wanted: ModelInput | undefined;
  let isAtWork = false;
  let version = 0;
  let importance: ModelImportance | undefined;
  const next = async (input: ModelInput) => {
    const summary = await client.fit(input);
    if (!summary) return show({ state: 'too-few' });
    const ready = { state: 'ready' as const, version: ++version, summary };
    show({ ...ready, importance });
    importance = await client.importance();
    show({ ...ready, importance });
  };
  const work = async () => {
    isAtWork = true;
    while (wanted) {
      const input = wanted;
      wanted = undefined;
      try {
        await next(input);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const { name, message } = error;
        show(name === 'ModelUnavailableError' ? { state: 'unavailable' } : { state: 'failed', message });
      }
    }
    isAtWork = false;
  };
  return {
    want(input) {
      wanted = input;
      if (!isAtWork) void work();
    },
  };
}
