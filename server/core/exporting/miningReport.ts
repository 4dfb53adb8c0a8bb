import type { MiningCounts } from "./miningTally";

export interface ReportInput {
  readonly counts: MiningCounts;
  readonly documents: number;
  readonly embedded: number;
  readonly cached: number;
  /** Duration of each stage, in seconds. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly configHash: string;
  readonly model: string;
  readonly index?: { readonly kind: string; readonly recall: number; readonly recallSample: number };
}

/** The object of `--report` as JSON text with a line feed. `kept` and the sum of `dropped` make `candidates`. */
export function miningReport(input: ReportInput): string {
  const { counts, documents, embedded, cached, seconds, seed, configHash, model, index } = input;
  const { queries, candidates, kept, dropped, short } = counts;
  const timed = Object.fromEntries(Object.entries(seconds).map(([stage, value]) => [stage, Number(value.toFixed(3))]));
  const report = {
    queries,
    documents,
    candidates,
    kept,
    dropped,
    short,
    short_queries: counts.shortQueries,
    embedded,
    cached,
    seconds: timed,
    seed,
    config_hash: configHash,
    model,
  };
  const withIndex =
    index === undefined ? report : { ...report, index: { kind: index.kind, recall: index.recall, recall_sample: index.recallSample } };
  return `${JSON.stringify(withIndex, null, 2)}\n`;
}
