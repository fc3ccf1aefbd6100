/**
 * Whether the colours of series can be distinguished: colours as people with each common kind of colour vision see them (Machado,
 * Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency", table 1, severity 1), and
 * their distance in CIELAB.
 */
import { describe, expect, it } from 'vitest';
import { darkColors } from './dark-chart.ts';
import { ink, seriesColors } from './theme.ts';

/** On linear RGB, row by row. */
const visions: Readonly<Record<string, readonly number[]>> = {
  trichromacy: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const themes = {
  light: { series: seriesColors as readonly string[], ground: ink.background as string },
  dark: {
    series: seriesColors.map((color) => darkColors[color] ?? color),
    ground: darkColors[ink.background]!,
  },
};

/** Six times the distance that is just noticed side by side (2.3): two series need a multiple of it. */
const enough = 15;

describe.each(Object.entries(themes))('the series colours, %s', (_, { series, ground }) => {
  it.each(Object.entries(visions))('differ from each other and from the ground in %s', (_name, matrix) => {
    const seen = series.map((color) => lab(seenBy(matrix, linear(color))));
    const behind = lab(seenBy(matrix, linear(ground)));
    seen.forEach((color, i) => {
      expect(distance(color, behind), `${series[i]} on ${ground}`).toBeGreaterThan(2 * enough);
      for (let j = 0; j < i; j++)
        expect(distance(color, seen[j]!), `${series[i]} beside ${series[j]}`).toBeGreaterThan(enough);
    });
  });
});

it('sees what the matrices are for: red and green of one lightness, and blue and green, come together', () => {
  const gap = (vision: string, a: string, b: string) =>
    distance(lab(seenBy(visions[vision]!, linear(a))), lab(seenBy(visions[vision]!, linear(b))));
  for (const vision of ['protanopia', 'deuteranopia'])
    expect(gap(vision, '#a06a00', '#6a8000')).toBeLessThan(0.4 * gap('trichromacy', '#a06a00', '#6a8000'));
  expect(gap('tritanopia', '#0080a0', '#008a6a')).toBeLessThan(
    0.4 * gap('trichromacy', '#0080a0', '#008a6a'),
  );
});

/** Linear RGB of a colour such as #0072b2 (IEC 61966-2-1). */
function linear(color: string): readonly number[] {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

function seenBy(matrix: readonly number[], rgb: readonly number[]): readonly number[] {
  return [0, 1, 2].map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        rgb.reduce((sum, value, k) => sum + matrix[3 * row + k]! * value, 0),
      ),
    ),
  );
}

/** CIELAB with the white D65, of linear RGB. */
function lab([r, g, b]: readonly number[]): readonly number[] {
  const [x, y, z] = [
    (0.4124564 * r! + 0.3575761 * g! + 0.1804375 * b!) / 0.95047,
    0.2126729 * r! + 0.7151522 * g! + 0.072175 * b!,
    (0.0193339 * r! + 0.119192 * g! + 0.9503041 * b!) / 1.08883,
  ].map((t) => (t > 216 / 24_389 ? Math.cbrt(t) : (841 / 108) * t + 4 / 29));
  return [116 * y! - 16, 500 * (x! - y!), 200 * (y! - z!)];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}
