import fs from "node:fs";
import path from "node:path";
import { repoRoot } from "../support/repoRoot";

/** Puts the lines between the markers of a section of a page, in place of what stands there. The page is named from the repository. */
export function keepOutput(page: string, section: string, lines: readonly string[]): void {
  const file = path.join(repoRoot, page);
  const text = fs.readFileSync(file, "utf8");
  const [begin, end] = [`<!-- ${section}: begin -->`, `<!-- ${section}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${page} has no section between "${begin}" and "${end}".`);
  fs.writeFileSync(file, [text.slice(0, from + begin.length), "", ...lines, "", text.slice(to)].join("\n"));
}

interface Named {
  readonly name: string;
}

/** Keeps what was measured on a collection under `.cache`, for a summary that another run may make. */
export function keepFigures(folder: string, figures: Named, settings: unknown): void {
  const place = path.join(repoRoot, ".cache", folder);
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, `${figures.name}.json`), JSON.stringify({ settings, figures }));
}

/** What was kept under the same settings, as it was written; undefined where there is nothing. */
export function keptFigures(folder: string, name: string, settings: unknown): unknown {
  const file = path.join(repoRoot, ".cache", folder, `${name}.json`);
  if (!fs.existsSync(file)) return undefined;
  const kept = JSON.parse(fs.readFileSync(file, "utf8")) as { readonly settings: unknown; readonly figures: unknown };
  return JSON.stringify(kept.settings) === JSON.stringify(settings) ? kept.figures : undefined;
}
