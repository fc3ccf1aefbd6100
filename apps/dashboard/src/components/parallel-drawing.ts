import type { ParallelModel } from './parallel-model.ts';

/** Lines that one picture shows; an even selection of more, since they would only lie on each other. */
const maxLines = 1000;
/** Lines up to which each has its full opacity. */
const densest = 250;
/** Groups of lines that are drawn in one go, by rank, and the opacity of the worst and the best group. */
const groups = 8;
const opacities = [0.1, 0.8] as const;

export interface ParallelLayout {
  /** Pixels of the plot. */
  readonly width: number;
  readonly height: number;
  /** Pixels across of each axis. */
  readonly across: readonly number[];
  readonly top: number;
  readonly bottom: number;
}

export interface ParallelColors {
  readonly line: string;
  readonly best: string;
  readonly left: string;
}

/** The model, which of its trials are kept, and where all of it goes. */
interface Drawing {
  readonly model: ParallelModel;
  readonly mask: Uint8Array;
  readonly layout: ParallelLayout;
}

/** Draws all trials in one pale colour: what a filter leaves out stays as a trace. */
export function drawLeftOut(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  colors: ParallelColors,
): void {
  const { model } = drawing;
  context.lineWidth = 1;
  context.strokeStyle = colors.left;
  context.globalAlpha = model.trials.length > maxLines / 3 ? 0.12 : 0.3;
  context.beginPath();
  for (const i of selected(model.trials.length, () => true)) addLine(context, drawing, i);
  context.stroke();
  context.globalAlpha = 1;
}

/** Draws the trials that are kept: stronger lines rank better, the best of them is on top. */
export function drawKept(context: CanvasRenderingContext2D, drawing: Drawing, colors: ParallelColors): void {
  const { model, mask } = drawing;
  const lines = selected(mask.length, (i) => mask[i] === 1);
  const byRank = Array.from({ length: groups }, () => [] as number[]);
  let best = -1;
  for (const i of lines) byRank[clampedGroup(model.rank[i]!)]!.push(i);
  for (let i = 0; i < mask.length; i++)
    if (mask[i] === 1 && model.rank[i]! >= 0 && (best < 0 || model.rank[i]! > model.rank[best]!)) best = i;
  context.strokeStyle = colors.line;
  // Lines of one pixel are drawn many times faster than wider ones.
  context.lineWidth = lines.length > densest ? 1 : 1.4;
  // Many lines need less of each, or they become one surface.
  const density = Math.max(0.3, Math.min(1, densest / lines.length));
  byRank.forEach((members, group) => {
    const strength = (group + 0.5) / groups;
    context.globalAlpha = density * (opacities[0] + (opacities[1] - opacities[0]) * strength ** 2.5);
    for (const i of members) {
      // Each for itself: lines of one path do not add up where they lie on each other.
      context.beginPath();
      addLine(context, drawing, i);
      context.stroke();
    }
  });
  context.globalAlpha = 1;
  if (best < 0) return;
  context.strokeStyle = colors.best;
  context.lineWidth = 2.6;
  context.beginPath();
  addLine(context, drawing, best);
  context.stroke();
}

function clampedGroup(rank: number): number {
  return Math.max(0, Math.min(Math.floor(rank * groups), groups - 1));
}

/** Positions of at most `maxLines` trials that are wanted, evenly spread. */
function selected(count: number, isWanted: (i: number) => boolean): readonly number[] {
  const wanted: number[] = [];
  for (let i = 0; i < count; i++) if (isWanted(i)) wanted.push(i);
  if (wanted.length <= maxLines) return wanted;
  const step = wanted.length / maxLines;
  return Array.from({ length: maxLines }, (_, k) => wanted[Math.floor(k * step)]!);
}

/** The line of one trial; a parameter that it does not have leaves a gap. */
function addLine(context: CanvasRenderingContext2D, { model, layout }: Drawing, i: number): void {
  let isDown = false;
  model.axes.forEach(({ positions }, k) => {
    const at = positions[i]!;
    if (Number.isNaN(at)) {
      isDown = false;
      return;
    }
    const [x, y] = [layout.across[k]!, layout.bottom - at * (layout.bottom - layout.top)];
    if (isDown) context.lineTo(x, y);
    else context.moveTo(x, y);
    isDown = true;
  });
}
