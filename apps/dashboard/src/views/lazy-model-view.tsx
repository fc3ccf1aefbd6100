import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading, Message } from '../components/states.tsx';
import type { ViewProps } from './view-props.ts';

/** A view with a model of its own: its code comes when it is opened for the first time. */
function lazyView(load: () => Promise<ComponentType<ViewProps>>): ComponentType<ViewProps> {
  return ({ study }) => <Lazy load={load} study={study} />;
}

/** The model's view. */
export const LazyModelView = lazyView(async () => (await import('../model/model-view.tsx')).ModelView);

/** The view of a score matrix. */
export const LazyMatrixView = lazyView(async () => (await import('../matrix/matrix-view.tsx')).MatrixView);

function Lazy({ load, study }: ViewProps & { load(): Promise<ComponentType<ViewProps>> }) {
  const [loaded, setLoaded] = useState<{ readonly View: ComponentType<ViewProps> }>();
  const [fault, setFault] = useState(false);
  useEffect(() => {
    load().then(
      (View) => setLoaded({ View }),
      () => setFault(true),
    );
  }, []);
  if (fault)
    return (
      <Message title="The model is not in this page">
        <p>
          It is computed by a script of its own, which cannot be loaded here. The dashboard of a server has
          it.
        </p>
      </Message>
    );
  return loaded ? <loaded.View study={study} /> : <Loading what="the model" />;
}
