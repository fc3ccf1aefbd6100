/** Figures of which the larger is the better one, by name. */
export function isAccuracy(name: string): boolean {
  return /(?:^|[^a-z0-9])(?:acc|accuracy|auc|auroc|f1|r2|bleu|reward)$/i.test(name);
}
