import { type Figure, reaches } from "./figure.ts";
import { quantile } from "./statistics.ts";

const head = ["figure", "value", "spread", "bar", "aim", "samples", ""] as const;

/** A table for people: every figure with its quartiles, and what it should be. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [head, ...figures.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return lines.map((line) => line.trimEnd()).join("\n");
}

function row(figure: Figure): readonly string[] {
  const { name, value, unit, better, bar, aim, samples } = figure;
  const sign = better === "lower" ? "≤" : "≥";
  const limit = (is: number | undefined): string => (is === undefined ? "" : `${sign} ${short(is)}`);
  const spread = [0.25, 0.75].map((share) => short(quantile(samples, share))).join(" – ");
  return [
    name,
    unit === "" ? short(value) : `${short(value)} ${unit}`,
    spread,
    limit(bar),
    limit(aim),
    String(samples.length),
    verdict(figure),
  ];
}

function verdict(figure: Figure): string {
  if (!reaches(figure, figure.bar)) return "MISSED";
  return reaches(figure, figure.aim) ? "ok" : "ok, aim missed";
}

/** Three digits that count. */
function short(value: number): string {
  const exact = Number(value.toPrecision(3));
  return Math.abs(exact) >= 1000 ? exact.toFixed(0) : String(exact);
}
