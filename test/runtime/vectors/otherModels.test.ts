import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { neverCancelled } from "#core/util/cancellation";
import { FLOAT, INT64, OnnxGraph } from "../../../scripts/model/onnxGraph.mjs";
import { FileHashes } from "../../../server/runtime/vectors/fileHashes";
import { findModel } from "../../../server/runtime/vectors/modelFolder";
import { SentenceEncoder } from "../../../server/runtime/vectors/sentenceEncoder";
import { builtModels } from "../../support/buildVectorProcess";
import { EMBEDDED, failureOf, startClient, temporaryFolder, textsBySide, valueOf } from "./fixture";

const EMBEDDED_MODEL = path.join(builtModels(), "all-MiniLM-L6-v2");
const VOCABULARY = (
  JSON.parse(fs.readFileSync(path.join(EMBEDDED_MODEL, "tokenizer.json"), "utf8")) as { model: { vocab: Record<string, number> } }
).model.vocab;

interface TinyModel {
  /** Vector of each word; all others have (1, 0). */
  readonly words: Readonly<Record<string, readonly [number, number]>>;
  readonly pooling?: "mean" | "cls";
  readonly output?: string;
}

/** A folder with a model that looks each token up in a table of two columns, and knows no token types. */
function tinyModel({ words, pooling = "mean", output = "last_hidden_state" }: TinyModel): string {
  const folder = path.join(temporaryFolder(), "tiny");
  for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"])
    fs.cpSync(path.join(EMBEDDED_MODEL, file), path.join(folder, file));
  const rows = Array.from({ length: Object.keys(VOCABULARY).length }, (): readonly [number, number] => [1, 0]);
  for (const [word, vector] of Object.entries(words)) rows[VOCABULARY[word]!] = vector;
  const graph = new OnnxGraph();
  graph.input("input_ids", INT64, ["batch", "tokens"]);
  graph.input("attention_mask", INT64, ["batch", "tokens"]);
  graph.add("Gather", [graph.floats("table", [rows.length, 2], rows.flat()), "input_ids"], {}, output);
  graph.output(output, FLOAT, ["batch", "tokens", 2]);
  fs.mkdirSync(path.join(folder, "onnx"));
  fs.mkdirSync(path.join(folder, "1_Pooling"));
  fs.writeFileSync(path.join(folder, "onnx/model.onnx"), graph.toBytes({ name: "tiny", irVersion: 8, opset: 17 }));
  fs.writeFileSync(
    path.join(folder, "1_Pooling/config.json"),
    JSON.stringify({ [`pooling_mode_${pooling === "cls" ? "cls_token" : "mean_tokens"}`]: true }),
  );
  return folder;
}

async function encode(model: TinyModel, texts: readonly string[]): Promise<readonly (readonly number[])[]> {
  const choice = { ...EMBEDDED, id: tinyModel(model) };
  const found = valueOf(await findModel(choice, { modelsFolder: builtModels(), baseFolder: path.sep }, new FileHashes(undefined)));
  const encoder = valueOf(await SentenceEncoder.open(found, 1));
  return (await encoder.encode(texts.map((text) => encoder.tokenize(text)))).map((vector) =>
    Array.from(vector, (value) => Number(value.toFixed(4))),
  );
}

const unit = (x: number, y: number) => [x, y].map((value) => Number((value / Math.hypot(x, y)).toFixed(4)));

test("token vectors are averaged over the text's own tokens and get length 1", async () => {
  // [CLS] and [SEP] have (1, 0) each; padding must not count.
  const words = { blue: [0, 3], whale: [0, 1], "[PAD]": [-9, -9] } as const;
  expect(await encode({ words }, ["blue", "blue whale blue"])).toEqual([unit(2, 3), unit(2, 7)]);
});

test("cls pooling takes the first token", async () => {
  expect(await encode({ words: { "[CLS]": [0, 2] }, pooling: "cls" }, ["blue whale"])).toEqual([[0, 1]]);
});

test("an output of another name is read where it is the only one", async () => {
  expect(await encode({ words: {}, output: "tokens" }, ["blue whale"])).toEqual([[1, 0]]);
});

test.each([
  ["NaN", NaN],
  ["zeros", 0],
])("a text whose vector is %s is a failure that names its slot; the others have vectors", async (_, value) => {
  const texts = { query: ["blue"], document: ["blue", "whale", "green", "whale fish"] };
  const id = tinyModel({ words: { "[CLS]": [0, 0], "[SEP]": [0, 0], whale: [value, value], fish: [value, value] } });
  const client = await startClient({ source: { kind: "texts", text: textsBySide(texts) } });
  valueOf(await client.open({ ...EMBEDDED, id }));
  valueOf(await client.put("query", [0], { cancellation: neverCancelled }));
  expect(failureOf(await client.put("document", [0, 1, 2, 3], { cancellation: neverCancelled }))).toEqual({
    reason: "bad-vectors",
    message: "The model gives no direction (NaN or all zeros) for the text of document slot 1 and of 1 more.",
    nextStep: "Choose another model or precision; the model file may be damaged.",
  });
  const [hits] = valueOf(await client.retrieve([{ query: 0, positives: [], extra: [] }], 10, neverCancelled));
  expect([...hits!.documents]).toEqual([0, 2]);
});
