import { type ParamsOf, searchSpace, uniform } from 'foothold';

// A ball is thrown at a target 60 m away through gusts of wind. `small` computes it roughly, `objective` exactly
// and over many gusts. The small problem is tuned first; what was learnt there guides the large one.
export const space = searchSpace({
  angle: uniform(10, 80), // degrees
  speed: uniform(15, 45), // m/s
  spin: uniform(-3, 3), // turns a second
});

type Throw = ParamsOf<typeof space>;

/** One wind, long steps: some 30 operations. */
export function small(params: Throw): number {
  return miss(params, { wind: -4, step: 0.1 });
}

/** Forty winds, short steps: some 400,000 operations. */
export function objective(params: Throw): number {
  const winds = Array.from({ length: 40 }, (_, i) => -5 + 4 * Math.sin(i * 2.4));
  const sum = winds.reduce((total, wind) => total + miss(params, { wind, step: 0.001 }) ** 2, 0);
  return Math.sqrt(sum / winds.length);
}

/** Metres between the target and where the ball comes down. */
function miss({ angle, speed, spin }: Throw, { wind, step }: { wind: number; step: number }): number {
  const radians = (angle * Math.PI) / 180;
  let [x, y, vx, vy] = [0, 1.8, speed * Math.cos(radians), speed * Math.sin(radians)];
  while (y > 0) {
    const [rx, ry] = [vx - wind, vy]; // through the air
    const drag = 0.008 * Math.hypot(rx, ry);
    const lift = 0.05 * spin;
    vx += (-drag * rx - lift * ry) * step;
    vy += (-9.81 - drag * ry + lift * rx) * step;
    x += vx * step;
    y += vy * step;
  }
  return Math.abs(x - 60);
}
