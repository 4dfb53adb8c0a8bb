import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { identityAdapter, type Adapter, type AdapterSides } from "#core/adapter/adapter";
import type { IndexChoice, IndexStatus, ModelChoice, ModelIdentity, Side } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import type { Result } from "#core/util/result";
import { QUERIES_PER_BATCH } from "../../server/runtime/vectors/exactSearch";
import { MatrixProduct } from "../../server/runtime/vectors/matrixProduct";
import { npyBytes, NpyFile } from "../../server/runtime/vectors/npyFile";
import { VectorClient, type VectorClientOptions } from "../../server/runtime/vectors/vectorClient";
import { VectorTable } from "../../server/runtime/vectors/vectorTable";
import { builtModels, buildVectorProcess } from "../support/buildVectorProcess";
import type { Bench, Figure } from "./figure";

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
      const size = { queries: 10_000, documents: 50_000, dimensions: 384, depth: 100 };
      const { exact, memory, floor, hnsw } = await withVectors(size, async (client, files) => {
        const exact = await timeSearch(client, { ...INDEX, kind: "exact" }, size);
        const memory = peakMemory(client);
        const floor = await productTime(files);
        return { exact, memory, floor, hnsw: await timeSearch(client, { ...INDEX, kind: "hnsw" }, size) };
      });
      const vectors = ((size.queries + size.documents) * size.dimensions * 4) / 1e6;
      return [
        { name: "exact top-100, 10k queries x 50k documents", value: exact.search, unit: "s" },
        { name: "its matrix product alone", value: floor, unit: "s" },
        { name: "exact / matrix product", value: exact.search / floor, unit: "x" },
        ...(memory === undefined ? [] : [{ name: "vector process, at most, less the vectors", value: memory - vectors, unit: "MB" }]),
        { name: "the same by hnswlib-node, with building", value: hnsw.build + hnsw.search, unit: "s" },
        { name: "of which building", value: hnsw.build, unit: "s" },
        { name: "recall of hnswlib-node", value: hnsw.index.recall, unit: "" },
        { name: "exact / hnswlib-node", value: exact.search / (hnsw.build + hnsw.search), unit: "x" },
      ];
    },
  },
  {
    name: "adapters",
    run: () => withVectors({ queries: 10_000, documents: 50_000, dimensions: 384, depth: 100 }, adapterFigures),
  },
  {
    name: "topics",
    run: () =>
      withVectors({ queries: 1, documents: 50_000, dimensions: 384, depth: 100 }, async (client) => {
        const [seconds] = await timed(() => client.topics(200, 42, { cancellation: neverCancelled }));
        const lists = Array.from({ length: 10_000 }, (_, list) => Array.from({ length: 100 }, (__, i) => (list * 37 + i * 499) % 50_000));
        const [pairSeconds] = await timed(() => client.similarPairs(lists, 0.9, neverCancelled));
        return [
          { name: "k-means, 50k documents, 200 topics", value: seconds, unit: "s", goal: 60 },
          { name: "similar pairs in 10k lists of 100", value: pairSeconds, unit: "s" },
        ];
      }),
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

/** Synthetic vectors in clusters, in the process that the product uses. */
async function withVectors<T>(
  size: SearchSize,
  measure: (client: VectorClient, files: Readonly<Record<Side, string>>) => Promise<T>,
): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-bench-"));
  const files = { query: path.join(folder, "query.npy"), document: path.join(folder, "document.npy") };
  writeClustered(files.query, size.queries, size.dimensions, "queries");
  writeClustered(files.document, size.documents, size.dimensions, "documents");
  const client = await startClient({ kind: "files", files, row: (_side, slot) => slot, text: () => "" });
  try {
    value(await client.open(CHOICE));
    await putAll(client, "query", size.queries);
    await putAll(client, "document", size.documents);
    return await measure(client, files);
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

/** How much longer a search takes after a round of training, which gives another adapter each time. */
async function adapterFigures(client: VectorClient): Promise<readonly Figure[]> {
  const jobs = Array.from({ length: 10_000 }, (_, query) => ({ query, positives: [query], extra: [] }));
  const search = async (under?: string): Promise<number> => (await timed(() => client.retrieve(jobs, 100, neverCancelled, under)))[0];
  for (const sides of ["query", "both"] as const) value(await client.hold(sides, noisyAdapter(384, sides)));
  value(await client.hold("moving", noisyAdapter(384, "query")));
  // Scores of nothing: what is left is the moving.
  const empty = jobs.map(({ query }) => ({ query, positives: [], extra: [] }));
  const [moving] = await timed(() => client.retrieve(empty, 0, neverCancelled, "moving"));
  const plain = await search();
  const query = await search("query");
  const both = await search("both");
  const compared = jobs.map((_, i) => ({
    rows: Array.from({ length: 100 }, (__, row) => (i * 37 + row * 499) % 50_000),
    columns: [i, i + 1],
  }));
  const [similarities] = await timed(() => client.similarities(compared, neverCancelled));
  return [
    { name: "moving 10k queries", value: moving, unit: "s", goal: 1 },
    { name: "re-mine under an adapter of queries, 10k queries x 50k documents", value: query, unit: "s", goal: 10 },
    { name: "the same / search without an adapter", value: query / plain, unit: "x" },
    { name: "under an adapter of both, with moving 50k documents", value: both, unit: "s" },
    { name: "the same / search without an adapter", value: both / plain, unit: "x" },
    { name: "similarities of 10k jobs of 100 x 2", value: similarities, unit: "s" },
  ];
}

/** The identity with noise, as training leaves it. */
function noisyAdapter(dimensions: number, sides: AdapterSides): Adapter {
  const random = seededRandom("adapter");
  const { weight } = identityAdapter(dimensions, sides);
  return { sides, dimensions, weight: weight.map((one) => one + 0.02 * (random() - 0.5)) };
}

async function timeSearch(
  client: VectorClient,
  choice: IndexChoice,
  { queries, depth }: SearchSize,
): Promise<{ readonly index: IndexStatus; readonly build: number; readonly search: number }> {
  const [build, index] = await timed(() => client.index(choice, neverCancelled));
  const jobs = Array.from({ length: queries }, (_, query) => ({ query, positives: [query], extra: [] }));
  const [search] = await timed(() => client.retrieve(jobs, depth, neverCancelled));
  return { index, build, search };
}

/** Seconds for the scores of all queries with all documents, which no exact search can do without. */
export async function productTime(files: Readonly<Record<Side, string>>): Promise<number> {
  const product = await MatrixProduct.open(path.join(builtModels(), "search.onnx"), os.availableParallelism());
  const queries = value(NpyFile.open(files.query));
  const documents = value(NpyFile.open(files.document));
  const { dimensions } = queries;
  const rows = value(queries.read(0, queries.rows));
  const table = new VectorTable(dimensions);
  for (let slot = 0; slot < documents.rows; slot++) table.set(slot, value(documents.read(slot, 1)));
  queries.close();
  documents.close();
  const start = performance.now();
  for (let first = 0; first < queries.rows; first += QUERIES_PER_BATCH) {
    const batch = rows.subarray(first * dimensions, (first + QUERIES_PER_BATCH) * dimensions);
    for (const block of table.blocks()) await product.multiply(batch, block, dimensions);
  }
  return (performance.now() - start) / 1000;
}

/** The most memory that the client's process ever had, in MB; only Linux tells. */
function peakMemory({ processId }: VectorClient): number | undefined {
  const file = `/proc/${String(processId)}/status`;
  if (!fs.existsSync(file)) return undefined;
  const kilobytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(file, "utf8"))?.[1]);
  return (kilobytes * 1024) / 1e6;
}

async function timed<T>(act: () => Promise<Result<T>>): Promise<readonly [seconds: number, T]> {
  const start = performance.now();
  const result = value(await act());
  return [(performance.now() - start) / 1000, result];
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
