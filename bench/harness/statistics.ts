/** The middle value; the mean of the middle two of an even number. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const high = sorted[upper] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[upper - 1] ?? Number.NaN)) / 2;
}

/** The smallest value that at least this share (0 to 1) of the values does not exceed. NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Each of one list divided by its partner in the other, which was measured right before or after it. */
export function ratios(values: readonly number[], partners: readonly number[]): readonly number[] {
  if (values.length !== partners.length) throw new Error("samples without a partner");
  return values.map((value, index) => value / (partners[index] ?? Number.NaN));
}
