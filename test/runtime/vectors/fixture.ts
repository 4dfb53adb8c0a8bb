import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { IndexChoice, ModelChoice, Side, SlotText, VectorSpace } from "#core/ports";
import type { Result } from "#core/util/result";
import { npyBytes } from "../../../server/runtime/vectors/npyFile";
import { VectorClient, type VectorClientOptions } from "../../../server/runtime/vectors/vectorClient";
import type { ProcessSettings } from "../../../server/runtime/vectors/vectorMessages";
import { buildVectorProcess, builtModels } from "../../support/buildVectorProcess";

export const EMBEDDED: ModelChoice = { id: "embedded", precision: "fp32", queryPrompt: "", corpusPrompt: "", allowDownload: false };
export const EXACT: IndexChoice = { kind: "exact", m: 16, efConstruction: 200, ef: 200 };
export const HNSW: IndexChoice = { ...EXACT, kind: "hnsw" };

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-"));
  onTestFinished(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export interface ClientParts extends Partial<Pick<VectorClientOptions, "source" | "onStatus" | "log">> {
  readonly settings?: Partial<ProcessSettings>;
}

/** A vector space in a process of its own that ends with the test. Restarts do not wait. */
export async function startClient(parts: ClientParts): Promise<VectorClient> {
  const client = new VectorClient({
    processFile: await buildVectorProcess(),
    log: () => undefined,
    restartDelays: [0],
    source: { kind: "texts", text: () => "" },
    ...parts,
    settings: { modelsFolder: builtModels(), baseFolder: os.tmpdir(), ...parts.settings },
  });
  onTestFinished(() => client.dispose());
  return client;
}

type Matrices = Readonly<Record<Side, readonly (readonly number[])[]>>;

/** A vector space whose slot n has row n of these matrices. */
export function startWithVectors(vectors: Matrices, settings: Partial<ProcessSettings> = {}): Promise<VectorClient> {
  return startWithRows(vectors, (side, slot) => (slot < vectors[side].length ? slot : undefined), settings);
}

/** A vector space whose slots have these rows of the matrices when they are put. */
export async function startWithRows(
  vectors: Matrices,
  row: (side: Side, slot: number) => number | undefined,
  settings: Partial<ProcessSettings> = {},
): Promise<VectorClient> {
  const folder = temporaryFolder();
  const files = { query: path.join(folder, "query.npy"), document: path.join(folder, "document.npy") };
  for (const side of ["query", "document"] as const) {
    const rows = vectors[side];
    fs.writeFileSync(files[side], npyBytes(rows.length, rows[0]!.length, Float32Array.from(rows.flat())));
  }
  const client = await startClient({ settings, source: { kind: "files", files, row, text: () => "" } });
  valueOf(await client.open(EMBEDDED));
  return client;
}

export function textsBySide(texts: Readonly<Record<Side, readonly string[]>>): SlotText {
  return (side, slot) => texts[side][slot]!;
}

/** The value; a failure fails the test. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** The message and next step of an expected failure. */
export function failureOf(result: Result<unknown>): {
  readonly reason: string;
  readonly message: string;
  readonly nextStep: string | undefined;
} {
  if (result.ok) throw new Error("Expected a failure.");
  const { reason, message, nextStep } = result.failure;
  return { reason, message, nextStep };
}

/** Score of each document for each query, by slot. Reads the vectors through the public port only. */
export async function scoresOf(
  space: VectorSpace,
  queries: readonly number[],
  documents: readonly number[],
): Promise<readonly (readonly number[])[]> {
  const jobs = queries.map((query) => ({ query, positives: [], extra: documents }));
  const retrieved = valueOf(await space.retrieve(jobs, 0, { requested: false }));
  return retrieved.map(({ extraScores }) => [...extraScores]);
}
