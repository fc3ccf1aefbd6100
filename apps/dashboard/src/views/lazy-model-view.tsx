import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading, Message } from '../components/states.tsx';
import type { ViewProps } from './view-props.ts';

/** The model's view: its code comes when it is opened for the first time. */
export function LazyModelView({ study }: ViewProps) {
  const [loaded, setLoaded] = useState<{ readonly View: ComponentType<ViewProps> }>();
  const [fault, setFault] = useState(false);
  useEffect(() => {
    import('../model/model-view.tsx').then(
      ({ ModelView }) => setLoaded({ View: ModelView }),
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
