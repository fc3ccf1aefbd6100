import { boolean, integer, type ParamsOf, searchSpace, uniform } from 'foothold';

// The constants of a platform game. A scripted player runs through levels; more coins are better.
export const space = searchSpace({
  jump: uniform(4, 20), // m/s
  gravity: uniform(10, 60), // m/s²
  speed: uniform(3, 12), // m/s
  frames: integer(0, 12), // how early before the edge the player jumps
  doubleJump: boolean(),
});

const frame = 1 / 60; // s
const levels = 20;
const seconds = 30;

export function objective(rules: ParamsOf<typeof space>): number {
  const scores = Array.from({ length: levels }, (_, level) => play(rules, level));
  console.log('Coins of each level:', scores);
  return scores.reduce((sum, score) => sum + score, 0) / levels;
}

/** Coins of a run: one for each gap that is jumped over, two for one at height. A fall ends the run. */
function play({ jump, gravity, speed, frames, doubleJump }: ParamsOf<typeof space>, level: number): number {
  const random = numbers(level + 1);
  let edge = 6; // where the platform ends, m
  let landing = edge + 1 + 3 * random();
  let roof = 2 + 3 * random(); // a jump higher than this hits it
  let [x, y, rising, coins, isUsed] = [0, 0, 0, 0, false];
  for (let time = 0; time < seconds; time += frame) {
    x += speed * frame;
    if (y === 0 && x >= edge - frames * frame * speed && x < edge) rising = jump;
    if (doubleJump && !isUsed && y > 0 && rising < 0 && x < landing - 0.3)
      [rising, isUsed] = [0.7 * jump, true];
    rising -= gravity * frame;
    y += rising * frame;
    if (y > roof) [y, rising] = [roof, 0];
    const isOverGap = x > edge && x < landing;
    if (y <= 0 && isOverGap) return coins;
    if (y <= 0) [y, rising, isUsed] = [0, 0, false];
    if (x < landing) continue;
    coins += y > 0.8 && y < 1.6 ? 2 : 1;
    edge = landing + 2 + 4 * random();
    landing = edge + 1 + 3 * random();
    roof = 2 + 3 * random();
  }
  return coins;
}

/** Numbers from 0 to 1 that are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
