import path from "node:path";
import { AutoTokenizer, env } from "@xenova/transformers";
import { expect, test } from "vitest";
import type { ModelChoice } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { FileHashes } from "../../../server/runtime/vectors/fileHashes";
import { MatrixProduct } from "../../../server/runtime/vectors/matrixProduct";
import { MaxSim } from "../../../server/runtime/vectors/maxSim";
import { findModel } from "../../../server/runtime/vectors/modelFolder";
import { ort } from "../../../server/runtime/vectors/nativeModules";
import { SentenceEncoder } from "../../../server/runtime/vectors/sentenceEncoder";
import { TokenVectorSource } from "../../../server/runtime/vectors/tokenVectors";
import { builtModels } from "../../support/buildVectorProcess";
import { EMBEDDED, failureOf, startClient, startWithVectors, temporaryFolder, textsBySide, valueOf } from "./fixture";
import type { Tokenizer } from "../../../server/runtime/vectors/tokenizer";
import { toyModel } from "./toyModel";

const EMBEDDED_MODEL = path.join(builtModels(), "all-MiniLM-L6-v2");
const MAXSIM = { kind: "maxsim" } as const;

const QUERIES = ["how do I reset my password", "capital of France", "Straße 北京 🙂", "", "wing ".repeat(400)];
const DOCUMENTS = [
  "Steps to recover access to your account when you have forgotten the login secret.",
  "My password manager does reset the dark theme; how do I like it?",
  "Paris is the seat of the French government.",
  "x",
  "",
  "the swept wing stalls at the tip first ".repeat(60),
  "[SEP] a document that looks like special tokens [CLS]",
];
const ALL = [...DOCUMENTS.keys()];

async function openSpace(
  texts: { readonly query: readonly string[]; readonly document: readonly string[] },
  choice: ModelChoice = EMBEDDED,
) {
  const client = await startClient({ source: { kind: "texts", text: textsBySide(texts) } });
  valueOf(await client.open(choice));
  return client;
}

/** The model and its tokenizer without any of our code. */
async function rawModel() {
  env.allowRemoteModels = false;
  env.localModelPath = `${path.dirname(EMBEDDED_MODEL)}/`;
  const tokenizer = (await AutoTokenizer.from_pretrained(path.basename(EMBEDDED_MODEL))) as Tokenizer;
  return { tokenizer, session: await ort.InferenceSession.create(path.join(EMBEDDED_MODEL, "onnx/model.onnx")) };
}

/** Unit vectors of a text's tokens between [CLS] and [SEP]; all where there is nothing between. */
async function rawTokens(
  { tokenizer, session }: Awaited<ReturnType<typeof rawModel>>,
  text: string,
): Promise<readonly (readonly number[])[]> {
  const whole = tokenizer(text, { return_tensor: false }).input_ids;
  const ids = whole.length <= 256 ? whole : [...whole.slice(0, 255), 102];
  const tensor = (values: readonly number[]) => new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [1, ids.length]);
  const output = await session.run({
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(ids.map(() => 0)),
  });
  const values = output["last_hidden_state"]!.data as Float32Array;
  const rows = ids.map((_, row) => Array.from(values.subarray(row * 384, (row + 1) * 384)));
  const units = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
  return units.length > 2 ? units.slice(1, -1) : units;
}

function bruteMaxSim(query: readonly (readonly number[])[], document: readonly (readonly number[])[]): number {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const nearest = query.map((token) => Math.max(...document.map((other) => dot(token, other))));
  return nearest.reduce((sum, value) => sum + value, 0) / query.length;
}

test("scores are the mean over query tokens of the highest similarity to a document token", async () => {
  const client = await openSpace({ query: QUERIES, document: DOCUMENTS });
  const jobs = QUERIES.map((_, query) => ({ query, documents: ALL }));
  const scores = valueOf(await client.rescore(MAXSIM, jobs, { cancellation: neverCancelled }));
  const model = await rawModel();
  const documents = await Promise.all(DOCUMENTS.map((text) => rawTokens(model, text)));
  const differences: number[] = [];
  for (const [query, text] of QUERIES.entries()) {
    const tokens = await rawTokens(model, text);
    for (const [i, document] of documents.entries()) differences.push(Math.abs(scores[query]![i]! - bruteMaxSim(tokens, document)));
  }
  expect(differences).toHaveLength(QUERIES.length * DOCUMENTS.length);
  expect(Math.max(...differences)).toBeLessThan(1e-6);
});

test("prompts are part of the texts", async () => {
  const texts = { query: ["what: capital of France"], document: ["text: Paris is the seat of the French government."] };
  const plain = await openSpace(texts);
  const prompted = await openSpace(
    { query: ["capital of France"], document: ["Paris is the seat of the French government."] },
    { ...EMBEDDED, queryPrompt: "what: ", corpusPrompt: "text: " },
  );
  const job = [{ query: 0, documents: [0] }];
  expect(valueOf(await prompted.rescore(MAXSIM, job, { cancellation: neverCancelled }))).toEqual(
    valueOf(await plain.rescore(MAXSIM, job, { cancellation: neverCancelled })),
  );
});

test.each(["fp32", "int8"] as const)("%s scores are the same bits alone, together, in another order and twice", async (precision) => {
  const texts = { query: QUERIES, document: DOCUMENTS };
  const [together, alone] = [await openSpace(texts, { ...EMBEDDED, precision }), await openSpace(texts, { ...EMBEDDED, precision })];
  const backwards = [...ALL].reverse();
  const jobs = QUERIES.map((_, query) => ({ query, documents: [...backwards, ...backwards] }));
  const expected = valueOf(await together.rescore(MAXSIM, jobs, { cancellation: neverCancelled }));
  for (const query of QUERIES.keys()) {
    for (const [i, document] of backwards.entries()) {
      const [score] = valueOf(await alone.rescore(MAXSIM, [{ query, documents: [document] }], { cancellation: neverCancelled }));
      expect([score![0], score![0]]).toEqual([expected[query]![i], expected[query]![i + ALL.length]]);
    }
  }
});

test("a paraphrase is above a passage that shares the question's words, and a text is nearest to itself", async () => {
  const question = "how do I reset my password";
  const documents = [DOCUMENTS[0]!, "How do I reset my garden after the winter?", DOCUMENTS[2]!, question];
  const client = await openSpace({ query: [question], document: documents });
  const [scores] = valueOf(await client.rescore(MAXSIM, [{ query: 0, documents: [0, 1, 2, 3] }], { cancellation: neverCancelled }));
  expect(Array.from(scores!, (score) => Number(score.toFixed(2)))).toEqual([0.59, 0.5, 0.07, 1]);
});

test("documents' token vectors are kept up to a size, the last used ones", async () => {
  const model = valueOf(await findModel(EMBEDDED, { modelsFolder: builtModels(), baseFolder: path.sep }, new FileHashes(undefined)));
  const encoder = valueOf(await SentenceEncoder.open(model, 1));
  const encoded: string[] = [];
  const counting = Object.create(encoder, {
    tokenize: { value: (text: string) => (encoded.push(text), encoder.tokenize(text)) },
    tokenVectors: { value: (ids: readonly number[]) => encoder.tokenVectors(ids) },
  }) as SentenceEncoder;
  // Two documents of one group of 16 tokens have room.
  const bytes = 2 * (16 * 384 * 4 + 100);
  const tokens = new TokenVectorSource(
    { id: "counted", encoder: () => Promise.resolve({ ok: true, value: counting }), prompts: { query: "", document: "" } },
    bytes,
  );
  const maxSim = new MaxSim(tokens, await MatrixProduct.open(path.join(builtModels(), "search.onnx"), 1));
  const score = async (document: string): Promise<void> => {
    const work = maxSim.score([{ query: { slot: 0, text: "q" }, document: { slot: 0, text: document } }], () => undefined);
    while ((await work.next()).done !== true);
  };
  for (const document of ["one", "two", "one", "three", "one", "two"]) await score(document);
  expect(encoded.filter((text) => text !== "q")).toEqual(["one", "two", "three", "two"]);
});

test("a model that gives one vector a text is refused", async () => {
  const folder = toyModel(temporaryFolder(), { output: "sentence_embedding", shape: "pooled" });
  const client = await openSpace({ query: ["blue"], document: ["whale"] }, { ...EMBEDDED, id: folder });
  expect(failureOf(await client.rescore(MAXSIM, [{ query: 0, documents: [0] }], { cancellation: neverCancelled }))).toEqual({
    reason: "unsupported",
    message: `MaxSim needs a vector for each token; the model ${folder} gives only one for the whole text.`,
    nextStep:
      'Set model.id to a model whose ONNX file has the output last_hidden_state, or sampler.rescore.kind to "cross_encoder" or "none".',
  });
});

test("own vectors have no tokens to compare", async () => {
  const client = await startWithVectors({ query: [[1, 0]], document: [[1, 0]] });
  expect(failureOf(await client.rescore(MAXSIM, [{ query: 0, documents: [0] }], { cancellation: neverCancelled }))).toEqual({
    reason: "unsupported",
    message: "MaxSim needs a model; own vectors have no token vectors.",
    nextStep: 'Leave out the vector files, or set sampler.rescore.kind to "cross_encoder" or "none".',
  });
});
