import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import type { IndexChoice, IndexStatus, ModelChoice, ModelIdentity, Side } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import type { Result } from "#core/util/result";
import { npyBytes } from "../../server/runtime/vectors/npyFile";
import { VectorClient, type VectorClientOptions } from "../../server/runtime/vectors/vectorClient";
import { builtModels, buildVectorProcess } from "../support/buildVectorProcess";
import type { Bench } from "./figure";

/** Seconds of one kind of search over the same vectors. */
export interface SearchTimes {
  readonly index: IndexStatus;
  readonly build: number;
  readonly search: number;
}

export interface SearchSize {
  readonly queries: number;
  readonly documents: number;
  readonly dimensions: number;
  readonly depth: number;
}

const CHOICE: ModelChoice = { id: "embedded", precision: "fp32", queryPrompt: "", corpusPrompt: "", allowDownload: false };
const INDEX: Omit<IndexChoice, "kind"> = { m: 16, efConstruction: 200, ef: 200 };
const CENTRES = 500;

export const vectorsBench: readonly Bench[] = [
  {
    name: "search",
    run: async () => {
      const { exact, hnsw } = await searchTimes({ queries: 10_000, documents: 50_000, dimensions: 384, depth: 100 });
      const graph = hnsw.build + hnsw.search;
      return [
        { name: "exact top-100, 10k queries x 50k documents", value: exact.search, unit: "s" },
        { name: "the same by hnswlib-node, with building", value: graph, unit: "s" },
        { name: "of which building", value: hnsw.build, unit: "s" },
        { name: "recall of hnswlib-node", value: hnsw.index.recall, unit: "" },
        { name: "exact / hnswlib-node", value: exact.search / graph, unit: "x" },
      ];
    },
  },
  {
    name: "embedding",
    run: async () => {
      const texts = samplePassages(600);
      const fp32 = await embeddingSpeed(texts, "fp32");
      const int8 = await embeddingSpeed(texts, "int8");
      return [
        { name: "embedding, fp32, 150 word pieces a text", value: fp32, unit: "texts/s" },
        { name: "embedding, int8", value: int8, unit: "texts/s" },
        { name: "int8 / fp32", value: int8 / fp32, unit: "x" },
      ];
    },
  },
];

/** All queries against all documents, exact and by HNSW, in the process that the product uses. Synthetic vectors in clusters. */
export async function searchTimes(size: SearchSize): Promise<{ readonly exact: SearchTimes; readonly hnsw: SearchTimes }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-bench-"));
  const files = { query: path.join(folder, "query.npy"), document: path.join(folder, "document.npy") };
  writeClustered(files.query, size.queries, size.dimensions, "queries");
  writeClustered(files.document, size.documents, size.dimensions, "documents");
  const client = await startClient({ kind: "files", files, row: (_side, slot) => slot });
  try {
    value(await client.open(CHOICE));
    await putAll(client, "query", size.queries);
    await putAll(client, "document", size.documents);
    const exact = await timeSearch(client, { ...INDEX, kind: "exact" }, size);
    const hnsw = await timeSearch(client, { ...INDEX, kind: "hnsw" }, size);
    return { exact, hnsw };
  } finally {
    await client.dispose();
    fs.rmSync(folder, { recursive: true });
  }
}

/** Texts a second through the embedded model, without cache, once it is loaded. */
export async function embeddingSpeed(texts: readonly string[], precision: ModelChoice["precision"]): Promise<number> {
  const client = await startClient({ kind: "texts", text: (_side, slot) => texts[slot]! });
  try {
    value<ModelIdentity>(await client.open({ ...CHOICE, precision }));
    const start = performance.now();
    await putAll(client, "document", texts.length);
    return texts.length / ((performance.now() - start) / 1000);
  } finally {
    await client.dispose();
  }
}

/** Passages of about 110 English words, 150 word pieces, with lengths that vary as those of real passages do. */
export function samplePassages(count: number): readonly string[] {
  const words = "the boundary layer of a swept wing separates near its tip when angle and speed grow beyond what lift can carry".split(" ");
  const random = seededRandom("passages");
  return Array.from({ length: count }, () => {
    const length = 40 + Math.floor(random() * 150);
    return Array.from({ length }, () => words[Math.floor(random() * words.length)]!).join(" ");
  });
}

async function startClient(source: VectorClientOptions["source"]): Promise<VectorClient> {
  return new VectorClient({
    processFile: await buildVectorProcess(),
    log: () => undefined,
    settings: { modelsFolder: builtModels(), baseFolder: os.tmpdir() },
    source,
  });
}

async function putAll(client: VectorClient, side: Side, count: number): Promise<void> {
  const slots = Array.from({ length: count }, (_, slot) => slot);
  value(await client.put(side, slots, { cancellation: neverCancelled }));
}

async function timeSearch(client: VectorClient, choice: IndexChoice, { queries, depth }: SearchSize): Promise<SearchTimes> {
  const started = performance.now();
  const index = value(await client.index(choice, neverCancelled));
  const built = performance.now();
  const jobs = Array.from({ length: queries }, (_, query) => ({ query, positives: [query], extra: [] }));
  value(await client.retrieve(jobs, depth, neverCancelled));
  return { index, build: (built - started) / 1000, search: (performance.now() - built) / 1000 };
}

function writeClustered(file: string, rows: number, dimensions: number, name: string): void {
  const centreOf = seededRandom("centres");
  const centres = Float32Array.from({ length: CENTRES * dimensions }, () => centreOf() - 0.5);
  const random = seededRandom(name);
  const values = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const centre = Math.floor(random() * CENTRES) * dimensions;
    for (let i = 0; i < dimensions; i++) values[row * dimensions + i] = centres[centre + i]! + (random() - 0.5) * 0.8;
  }
  fs.writeFileSync(file, npyBytes(rows, dimensions, values));
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
