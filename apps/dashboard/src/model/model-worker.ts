/** The worker of the model: every operation of `ModelService` by message. */
import type { ModelAnswer, ModelQuestion } from './model-messages.ts';
import { modelService } from './model-service.ts';

const scope = globalThis as unknown as {
  postMessage(answer: ModelAnswer): void;
  addEventListener(type: 'message', listener: (event: { readonly data: ModelQuestion }) => void): void;
};
const service = modelService();

scope.addEventListener('message', ({ data: { id, operation, operands } }) => {
  const work = service[operation] as (...given: readonly unknown[]) => Promise<unknown>;
  work(...operands).then(
    (result) => scope.postMessage({ id, result }),
    (error: unknown) => {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      scope.postMessage({ id, error: { name, message } });
    },
  );
});
