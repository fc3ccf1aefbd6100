import type { TrainingPiece } from '@foothold/core';

/** Placeholders of a command that trains a piece of a configuration. */
export const trainingPlaceholders = ['trial', 'slot', 'from', 'to', 'configuration', 'checkpoint'] as const;

/** Their values. */
export function trainingValues(piece: TrainingPiece | undefined, checkpoint: string | undefined) {
  return { ...piece, ...(checkpoint !== undefined && { checkpoint }) };
}

/** The same in the environment. */
export function trainingEnvironment(
  piece: TrainingPiece | undefined,
  checkpoint: string | undefined,
): Readonly<Record<string, string>> {
  if (!piece) return {};
  return {
    FOOTHOLD_FROM: String(piece.from),
    FOOTHOLD_TO: String(piece.to),
    FOOTHOLD_CONFIGURATION: String(piece.configuration),
    ...(checkpoint !== undefined && { FOOTHOLD_CHECKPOINT: checkpoint }),
  };
}
