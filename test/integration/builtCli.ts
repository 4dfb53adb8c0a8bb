import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { repoRoot } from "../support/repoRoot";

/** One candidate of a query in `--detail`. */
export interface DetailCandidate {
  readonly doc_id: string;
  readonly text: string;
  readonly rank: number;
  readonly score: number | null;
  readonly source: string;
  readonly sources: readonly string[];
  readonly probability?: number;
  readonly kept: boolean;
  readonly rule: string;
}

export interface DetailQuery {
  readonly query_id: string;
  readonly query: string;
  readonly positives: readonly { readonly doc_id: string }[];
  readonly candidates: readonly DetailCandidate[];
}

export interface Report {
  readonly queries: number;
  readonly documents: number;
  readonly candidates: number;
  readonly kept: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly short: number;
  readonly sources: readonly {
    readonly source: string;
    readonly wanted: number;
    readonly found: number;
    readonly survived: number;
    readonly kept: number;
    readonly short: number;
  }[];
  readonly shortfalls: readonly { readonly missing: number; readonly text: string }[];
  readonly index: { readonly kind: string; readonly recall: number; readonly recall_sample: number };
}

export interface Mined {
  readonly out: string;
  readonly detail: string;
  readonly queries: readonly DetailQuery[];
  readonly report: Report;
}

const run = promisify(execFile);

/** Vectors of the real data, from one run to the next. */
export const realDataCache = path.join(repoRoot, ".cache/real-data");

/**
 * `nearmiss mine` as it is built, in a process of its own. Vectors are kept in the repository's `.cache`, so that only the first run
 * embeds.
 */
export async function mineWithBuiltCli(dataset: string, ...options: readonly string[]): Promise<Mined> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "nearmiss-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [out, detail, report] = ["out.jsonl", "detail.jsonl", "report.json"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const outputs = ["--out", out, "--detail", detail, "--report", report];
  await run(process.execPath, [path.join(repoRoot, "dist/cli.cjs"), "mine", dataset, ...outputs, ...options], {
    env: { ...process.env, NEARMISS_CACHE: realDataCache },
    maxBuffer: 16 * 1024 ** 2,
  });
  const text = readFileSync(detail, "utf8");
  return {
    out: readFileSync(out, "utf8"),
    detail: text,
    queries: text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as DetailQuery),
    report: JSON.parse(readFileSync(report, "utf8")) as Report,
  };
}

/** Candidates of a query that come from the search, nearest first. */
export function ranking({ candidates }: DetailQuery): readonly DetailCandidate[] {
  return candidates.filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
}

/** Kept and dropped of the report, which make its candidates. */
export function accountedFor({ kept, dropped }: Report): number {
  return kept + Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
