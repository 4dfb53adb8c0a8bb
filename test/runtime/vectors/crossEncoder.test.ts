import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { RescorerChoice } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { npyBytes } from "../../../server/runtime/vectors/npyFile";
import type { VectorClient } from "../../../server/runtime/vectors/vectorClient";
import { EMBEDDED, failureOf, startClient, temporaryFolder, textsBySide, valueOf } from "./fixture";
import { toyModel, type ToyModel } from "./toyModel";

const VALUES = { blue: 0.5, whale: -0.25, fish: 4, "[SEP]": 0.125, "[PAD]": 1000 };
const QUERIES = ["blue whale", "fish", "", "blue ".repeat(600)];
const DOCUMENTS = ["fish blue", "whale", "", "fish ".repeat(600), "a fish is no whale"];
const TEXTS = { query: QUERIES, document: DOCUMENTS };
const ALL = [...DOCUMENTS.keys()];

function crossEncoder(toy: ToyModel = {}): RescorerChoice & { readonly id: string } {
  return { kind: "cross_encoder", id: toyModel(temporaryFolder(), { values: VALUES, ...toy }), precision: "fp32", allowDownload: false };
}

/** A space with vectors of the user's own: no model is open. */
async function ownVectors(): Promise<VectorClient> {
  const folder = temporaryFolder();
  const files = { query: path.join(folder, "query.npy"), document: path.join(folder, "document.npy") };
  for (const file of Object.values(files)) fs.writeFileSync(file, npyBytes(1, 2, Float32Array.of(1, 0)));
  const client = await startClient({
    source: { kind: "files", files, row: () => 0, text: textsBySide(TEXTS) },
    settings: { cacheFolder: temporaryFolder() },
  });
  valueOf(await client.open(EMBEDDED));
  return client;
}

/** [CLS] query [SEP] document [SEP]; the document and the last [SEP] count ten times. */
function expected(query: string, document: string, room = 509): number {
  const words = (text: string) => text.split(" ").filter(Boolean);
  let [q, d] = [words(query), words(document)];
  if (q.length + d.length > room) {
    const half = Math.floor(room / 2);
    [q, d] =
      d.length > half && q.length > half
        ? [q.slice(0, half), d.slice(0, room - half)]
        : q.length > half
          ? [q.slice(0, room - d.length), d]
          : [q, d.slice(0, room - q.length)];
  }
  const sum = (list: readonly string[]) => list.reduce((all, word) => all + ((VALUES as Record<string, number>)[word] ?? 0), 0);
  return sum(q) + 10 * sum(d) + 11 * VALUES["[SEP]"];
}

async function score(client: VectorClient, choice: RescorerChoice): Promise<readonly (readonly number[])[]> {
  const jobs = QUERIES.map((_, query) => ({ query, documents: ALL }));
  return valueOf(await client.rescore(choice, jobs, { cancellation: neverCancelled })).map((one) => [...one]);
}

test("the score is the model's raw output for the pair, whatever else is asked for", async () => {
  const client = await ownVectors();
  const choice = crossEncoder();
  const scores = await score(client, choice);
  expect(scores).toEqual(QUERIES.map((query) => DOCUMENTS.map((document) => expected(query, document))));
  expect(await score(client, choice)).toEqual(scores);
});

test("pairs longer than the model's maximum lose the document's end, never the closing token", async () => {
  const client = await ownVectors();
  const scores = await score(client, crossEncoder({ maxTokens: 9 }));
  expect(scores).toEqual(QUERIES.map((query) => DOCUMENTS.map((document) => expected(query, document, 6))));
});

test("a model without token types sees one text", async () => {
  const client = await ownVectors();
  const [[first]] = (await score(client, crossEncoder({ hasTypes: false, output: "score" }))) as [[number]];
  expect(first).toBe(0.25 + 4.5 + 0.25);
});

test("works beside a model that makes vectors, and after another cross-encoder", async () => {
  const client = await startClient({ source: { kind: "texts", text: textsBySide(TEXTS) } });
  valueOf(await client.open(EMBEDDED));
  const job = [{ query: 1, documents: [1] }];
  const options = { cancellation: neverCancelled };
  const results: number[] = [];
  for (const whale of [1, 2]) {
    const [scores] = valueOf(await client.rescore(crossEncoder({ values: { whale } }), job, options));
    results.push(scores![0]!);
  }
  expect(results).toEqual([10, 20]);
  expect(valueOf(await client.rescore({ kind: "maxsim" }, job, options))[0]![0]).toBeLessThan(1);
});

test.each<[string, ToyModel, (folder: string) => object]>([
  [
    "several labels",
    { shape: "labels" },
    (folder) => ({
      reason: "unsupported",
      message: `The model in ${folder} gives 3 scores, one a label, for a pair; a cross-encoder gives one score.`,
      nextStep:
        'Set sampler.rescore.model to a cross-encoder with one label, such as "Xenova/ms-marco-MiniLM-L-6-v2", or sampler.rescore.kind to "maxsim".',
    }),
  ],
  [
    "an encoder",
    { shape: "tokens", output: "last_hidden_state" },
    (folder) => ({
      reason: "unsupported",
      message: `The model in ${folder} gives an output of shape [1, 5, 1] for a pair, as an encoder does; a cross-encoder gives one score.`,
    }),
  ],
  [
    "NaN",
    { values: { fish: NaN } },
    (folder) => ({ reason: "bad-model", message: `The cross-encoder in ${folder} gives NaN for query slot 0 and document slot 0.` }),
  ],
  [
    "no room",
    { maxTokens: 4 },
    (folder) => ({
      reason: "bad-model",
      message: `The cross-encoder in ${folder} has a tokenizer that cannot be used: its maximum of 4 tokens has no room for two texts.`,
    }),
  ],
])("a model with %s is refused", async (_, toy, failure) => {
  const client = await ownVectors();
  const choice = crossEncoder(toy);
  const result = await client.rescore(choice, [{ query: 0, documents: [0] }], { cancellation: neverCancelled });
  expect(failureOf(result)).toMatchObject(failure(choice.id));
});

test("a model that fails on a longer text is a failure that names the pair", async () => {
  const client = await ownVectors();
  const choice = crossEncoder({ positions: 7 });
  const rescore = (document: number) => client.rescore(choice, [{ query: 1, documents: [document] }], { cancellation: neverCancelled });
  expect(valueOf(await rescore(0))[0]![0]).toBe(expected("fish", "fish blue"));
  const { reason, message } = failureOf(await rescore(3));
  expect(reason).toBe("bad-model");
  expect(message).toContain(`The cross-encoder in ${choice.id} fails on query slot 1 and document slot 3: `);
});

test.each([
  ["", "bad-config", "sampler.rescore.model names no cross-encoder."],
  ["embedded", "unsupported", "a cross-encoder gives one score"],
  ["./nowhere", "bad-model", "There is no model folder"],
  ["Xenova/ms-marco-MiniLM-L-6-v2", "bad-model", 'The model "Xenova/ms-marco-MiniLM-L-6-v2" is not on this machine'],
])("the model %j is a failure with a next step about sampler.rescore", async (id, reason, message) => {
  const client = await ownVectors();
  const choice = { kind: "cross_encoder", id, precision: "fp32", allowDownload: false } as const;
  const failure = failureOf(await client.rescore(choice, [{ query: 0, documents: [0] }], { cancellation: neverCancelled }));
  expect(failure.reason).toBe(reason);
  expect(failure.message).toContain(message);
  expect(`${failure.message} ${failure.nextStep ?? ""}`).toContain("sampler.rescore.model");
});

test("a folder that lacks a file is a failure that names it, and works once the file is there", async () => {
  const client = await ownVectors();
  const choice = crossEncoder();
  const file = path.join(choice.id, "onnx/model.onnx");
  fs.renameSync(file, `${file}.away`);
  const job = [{ query: 0, documents: [0] }];
  expect(failureOf(await client.rescore(choice, job, { cancellation: neverCancelled }))).toEqual({
    reason: "bad-model",
    message: `The folder ${choice.id} is not a model in the Xenova layout: it has no onnx/model.onnx.`,
    nextStep: "Point sampler.rescore.model to another folder, or add the file.",
  });
  fs.renameSync(`${file}.away`, file);
  expect(valueOf(await client.rescore(choice, job, { cancellation: neverCancelled }))[0]![0]).toBe(expected("blue whale", "fish blue"));
});
