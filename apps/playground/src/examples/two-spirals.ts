import * as tf from '@tensorflow/tfjs';
import { categorical, integer, logUniform, type ParamsOf, searchSpace, type TrialContext } from 'foothold';

// A network of two hidden layers learns which of two spirals a point is of, from
// points of which some have the wrong label. Its loss on points that it has not seen is tuned.
export const space = searchSpace({
  learningRate: logUniform(1e-4, 1),
  units: integer(4, 24),
  activation: categorical('tanh', 'relu', 'elu'),
  weightDecay: logUniform(1e-5, 1e-1),
});

const epochs = 60;
const functions = { tanh: tf.tanh, relu: tf.relu, elu: tf.elu };
await tf.setBackend('cpu');
const [train, test] = [spirals({ offset: 0, wrong: 6 }), spirals({ offset: 0.5, wrong: Infinity })];

export async function objective(params: ParamsOf<typeof space>, { report }: TrialContext): Promise<number> {
  const { learningRate, units, activation, weightDecay } = params;
  const shapes: [number, number][] = [
    [4, units],
    [units, units],
    [units, 1],
  ];
  const weights = shapes.map((shape, i) =>
    tf.variable(tf.randomNormal(shape, 0, shape[0] ** -0.5, 'float32', i)),
  );
  const biases = shapes.map(([, outputs]) => tf.variable(tf.zeros([outputs])));
  const network = (x: tf.Tensor): tf.Tensor =>
    weights.reduce<tf.Tensor>((h, w, i) => {
      const sum = tf.add(tf.matMul(h as tf.Tensor2D, w as tf.Tensor2D), biases[i]!);
      return i === weights.length - 1 ? sum : functions[activation](sum);
    }, x);
  const loss = ({ x, label }: typeof train) => tf.losses.sigmoidCrossEntropy(label, network(x)) as tf.Scalar;
  const decay = () => tf.mul(weightDecay, tf.addN(weights.map((w) => tf.sum(tf.square(w))))) as tf.Scalar;
  const optimizer = tf.train.adam(learningRate);
  let value = Number.NaN;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    tf.tidy(() => void optimizer.minimize(() => tf.add(loss(train), decay()) as tf.Scalar));
    if (epoch % 10 > 0) continue;
    value = tf.tidy(() => loss(test).dataSync()[0]!);
    await report(epoch, value);
  }
  console.log(`accuracy ${accuracy(network)} after ${epochs} epochs`);
  tf.dispose([...weights, ...biases]);
  optimizer.dispose();
  return value;
}

function accuracy(network: (x: tf.Tensor) => tf.Tensor): string {
  const right = tf.tidy(() =>
    tf.mean(tf.cast(tf.equal(tf.greater(network(test.x), 0), tf.greater(test.label, 0.5)), 'float32')),
  );
  return `${Math.round(100 * right.dataSync()[0]!)} %`;
}

/** 60 points of both spirals, moved along by `offset`; every so many have the wrong label. */
function spirals({ offset, wrong }: { readonly offset: number; readonly wrong: number }) {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const along = (Math.floor(i / 2) + offset) / 60;
    const angle = 7 * along + (i % 2) * Math.PI;
    const [a, b] = [along * Math.cos(angle), along * Math.sin(angle)];
    return [a, b, Math.sin(5 * a), Math.sin(5 * b)];
  });
  const labels = rows.map((_, i) => [Math.floor(i / 2) % wrong === 2 ? (i + 1) % 2 : i % 2]);
  return { x: tf.tensor2d(rows), label: tf.tensor2d(labels) };
}
