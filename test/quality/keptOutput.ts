import fs from "node:fs";
import path from "node:path";
import { repoRoot } from "../support/repoRoot";
import type { CollectionFigures } from "./figuresTable";

const page = path.join(repoRoot, "docs/quality.md");
const folder = path.join(repoRoot, ".cache/quality/figures");

/** Puts the lines between the markers of a section of docs/quality.md, in place of what stands there. */
export function keepOutput(section: string, lines: readonly string[]): void {
  const text = fs.readFileSync(page, "utf8");
  const [begin, end] = [`<!-- ${section}: begin -->`, `<!-- ${section}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`docs/quality.md has no section between "${begin}" and "${end}".`);
  fs.writeFileSync(page, [text.slice(0, from + begin.length), "", ...lines, "", text.slice(to)].join("\n"));
}

/** Keeps the figures of a collection for the summary, which may be made by another run. */
export function keepFigures(figures: CollectionFigures, settings: unknown): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${figures.name}.json`), JSON.stringify({ settings, figures }));
}

/** Figures that were kept under the same settings; undefined where there are none. */
export function keptFigures(name: string, settings: unknown): CollectionFigures | undefined {
  const file = path.join(folder, `${name}.json`);
  if (!fs.existsSync(file)) return undefined;
  const kept = JSON.parse(fs.readFileSync(file, "utf8")) as { readonly settings: unknown; readonly figures: CollectionFigures };
  return JSON.stringify(kept.settings) === JSON.stringify(settings) ? kept.figures : undefined;
}
