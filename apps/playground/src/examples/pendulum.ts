import { logUniform, type ParamsOf, searchSpace, uniform } from 'foothold';

// A pole that stands on its hinge. A controller turns the hinge; its three gains are tuned.
export const space = searchSpace({
  proportional: logUniform(1, 200),
  derivative: logUniform(0.1, 50),
  integral: uniform(0, 20),
});

const gravity = 9.81; // m/s²
const length = 1; // m
const step = 0.002; // s

/** The mean error over ten seconds in degrees, with a little for the work of the motor. */
export function objective(gains: ParamsOf<typeof space>): number {
  let angle = 0.5; // rad from upright
  let speed = 0;
  let sum = 0;
  let cost = 0;
  const steps = 10 / step;
  for (let i = 0; i < steps; i++) {
    const push = i * step > 5 && i * step < 5.2 ? 6 : 0; // somebody knocks against it
    sum += angle * step;
    const wanted = gains.proportional * angle + gains.derivative * speed + gains.integral * sum;
    const torque = Math.max(-30, Math.min(30, wanted));
    speed += ((gravity / length) * Math.sin(angle) - torque - 0.1 * speed + push) * step;
    angle += speed * step;
    cost += (Math.abs(angle) * 180) / Math.PI + 0.05 * Math.abs(torque);
    if (Math.abs(angle) > Math.PI / 2) {
      console.log(`It fell after ${(i * step).toFixed(2)} s.`);
      return 90 + 10 * (1 - i / steps);
    }
  }
  return cost / steps;
}
