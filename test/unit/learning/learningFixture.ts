import { defaultConfig } from "#core/config/config";
import type { CollectionInput } from "#core/collection/buildCollection";
import type { Config } from "#core/config/config";
import { Learning } from "#core/learning/learning";
import type { RunRecord } from "#core/learning/runRecord";
import { DatasetSession } from "#core/session/datasetSession";
import type { TrainingConfig } from "#core/config/trainingSchema";
import { seededRandom } from "#core/util/random";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { InProcessTrainer } from "../../support/inProcessTrainer";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";

export const dimensions = 8;
export const queryCount = 60;

/** Queries point where their positives do: there is nothing to learn. */
export function exactVectorOf(text: string): readonly number[] {
  return vectorOf(text.replace("query", "document"));
}

/** The vector of a text: documents point anywhere, and a query points to its positive, with neighbouring dimensions exchanged. */
export function vectorOf(text: string): readonly number[] {
  const [kind, number] = text.split(" ");
  const random = seededRandom(`document ${number ?? ""}`);
  const document = Array.from({ length: dimensions }, () => random() + random() - 1);
  if (kind !== "query") return document;
  return document.map((_, i) => document[i ^ 1] ?? 0);
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** A training set of these queries, each with the document of its number as its positive, over a corpus of 200. */
export function dataOf(queries: readonly number[]): CollectionInput {
  const rows = queries.map((i) => ({ id: `q${String(i)}`, query: `query ${String(i)}`, pos: [`document ${String(i)}`] }));
  const corpus = range(0, 200).map((i) => ({ docs: [`document ${String(i)}`] }));
  return { files: [file("train.jsonl", "training", rows), file("corpus.jsonl", "corpus", corpus)] };
}

export interface FixtureOptions {
  readonly training?: Partial<TrainingConfig>;
  readonly home?: InMemoryHomeFiles;
  readonly input?: CollectionInput;
  readonly embed?: (text: string) => readonly number[];
  /** Takes what is logged. */
  readonly logged?: string[];
  readonly beforeBatch?: (batch: number) => void | Promise<void>;
}

/** A data set whose queries a linear map brings to their positives, ready to be learnt from. */
export async function learningFixture({
  training = {},
  embed = vectorOf,
  home = new InMemoryHomeFiles(),
  input = dataOf(range(0, queryCount)),
  beforeBatch,
  logged,
}: FixtureOptions = {}) {
  let seconds = 0;
  const session = new DatasetSession({
    author: "Ada",
    sha256,
    stopwatch: () => 0,
    logger: () => undefined,
    breathe: () => Promise.resolve(),
    createVectors: (textOf) => new InMemoryVectorSpace(textOf, embed),
    home,
  });
  const config: Config = {
    ...defaultConfig,
    sampler: { ...defaultConfig.sampler, num_negatives: 4, range_max: 30, relative_margin: null },
    training: {
      ...defaultConfig.training,
      adapter: { sides: "query", rank: null, regularization: 0.001 },
      batch_size: 12,
      temperature: 0.2,
      learning_rate: 0.05,
      num_train_epochs: 12,
      early_stopping_patience: 12,
      ...training,
    },
  };
  await session.setConfig(config);
  await session.setData(input);
  const learning = new Learning({
    session,
    home,
    createTrainer: () => new InProcessTrainer(beforeBatch),
    clock: () => "2026-01-02T03:04:05.000Z",
    stopwatch: () => (seconds += 0.5),
    sha256,
    logger: (level, message) => logged?.push(`${level}: ${message.split("\n")[0] ?? ""}`),
    tool: "nearmiss test",
    dataset: "train.jsonl",
    changed: () => undefined,
  });
  return { session, learning, home, config };
}

/** The record of a run that ends well. */
export async function trained(learning: Learning, resume?: string): Promise<RunRecord> {
  const started = await learning.start(resume);
  if (!started.ok) throw new Error(started.failure.message);
  const ended = await learning.ended();
  if (ended?.ok !== true) throw new Error("The run did not end well.");
  return ended.value;
}

/** The weights of an adapter, to be compared. */
export function weightsOf(home: InMemoryHomeFiles, name: string): string {
  return Buffer.from(home.files.get(`adapters/${name}/model.safetensors`) ?? []).toString("base64");
}
