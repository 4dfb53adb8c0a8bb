import os from "node:os";
import { performance } from "node:perf_hooks";
import type { RescoreJob } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import type { Result } from "#core/util/result";
import { VectorClient } from "../../server/runtime/vectors/vectorClient";
import { buildVectorProcess, builtModels } from "../support/buildVectorProcess";
import type { Bench } from "./figure";
import { samplePassages } from "./vectors.bench";

const QUERIES = 200;
const DOCUMENTS = 300;
/** Documents of each query, as the nearest of a search. */
const DEPTH = 30;

export const rescoringBench: readonly Bench[] = [
  {
    name: "rescoring",
    run: async () => {
      const { pairs, first, again } = await maxSimSpeed();
      return [
        { name: `MaxSim, ${String(DEPTH)} passages a query, passages encoded on the way`, value: pairs / first, unit: "pairs/s" },
        { name: "MaxSim, other queries, passages' token vectors in memory", value: pairs / again.known, unit: "pairs/s" },
        { name: "MaxSim, pairs asked before", value: pairs / again.asked, unit: "pairs/s" },
      ];
    },
  },
];

interface MaxSimTimes {
  readonly pairs: number;
  /** Seconds. */
  readonly first: number;
  readonly again: { readonly known: number; readonly asked: number };
}

/** Each of the queries with some of the passages, by the embedded model, in the process that the product uses. */
export async function maxSimSpeed(): Promise<MaxSimTimes> {
  const documents = samplePassages(DOCUMENTS);
  const text = (side: "query" | "document", slot: number): string =>
    side === "document" ? documents[slot]! : `which part of a swept wing stalls first when angle and speed grow, case ${String(slot)}`;
  const client = new VectorClient({
    processFile: await buildVectorProcess(),
    log: () => undefined,
    settings: { modelsFolder: builtModels(), baseFolder: os.tmpdir() },
    source: { kind: "texts", text },
  });
  try {
    value(await client.open({ id: "embedded", precision: "fp32", queryPrompt: "", corpusPrompt: "", allowDownload: false }));
    const seconds = async (jobs: readonly RescoreJob[]): Promise<number> => {
      const start = performance.now();
      value(await client.rescore({ kind: "maxsim" }, jobs, { cancellation: neverCancelled }));
      return (performance.now() - start) / 1000;
    };
    const first = await seconds(jobsFrom(0));
    const known = await seconds(jobsFrom(QUERIES));
    return { pairs: QUERIES * DEPTH, first, again: { known, asked: await seconds(jobsFrom(QUERIES)) } };
  } finally {
    await client.dispose();
  }
}

function jobsFrom(query: number): readonly RescoreJob[] {
  return Array.from({ length: QUERIES }, (_, i) => ({
    query: query + i,
    documents: Array.from({ length: DEPTH }, (_unused, rank) => (i * 7 + rank) % DOCUMENTS),
  }));
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
