import fs from "node:fs";
import path from "node:path";
import { FLOAT, INT64, OnnxGraph } from "../../../scripts/model/onnxGraph.mjs";
import { builtModels } from "../../support/buildVectorProcess";

const EMBEDDED_MODEL = path.join(builtModels(), "all-MiniLM-L6-v2");
const VOCABULARY = (
  JSON.parse(fs.readFileSync(path.join(EMBEDDED_MODEL, "tokenizer.json"), "utf8")) as { model: { vocab: Record<string, number> } }
).model.vocab;

export interface ToyModel {
  /** Of each word; all others have 0. */
  readonly values?: Readonly<Record<string, number>>;
  /** Name of the output, "logits" unless given. */
  readonly output?: string;
  /** [batch, 1] unless given: "labels" is [batch, 3], "tokens" [batch, tokens, 1], "pooled" [batch, 2]. */
  readonly shape?: "one" | "labels" | "tokens" | "pooled";
  readonly maxTokens?: number;
  readonly hasTypes?: boolean;
  /** The model fails on inputs of more tokens; it reads any number unless given. */
  readonly positions?: number;
}

/**
 * A model with the embedded model's tokenizer that adds up the values of its tokens, those of type 1, the document's, ten times. Gives its
 * folder below `parent`.
 */
export function toyModel(parent: string, toy: ToyModel = {}): string {
  const { values = {}, output = "logits", shape = "one", maxTokens = 512, hasTypes = true, positions } = toy;
  const folder = path.join(parent, "toy");
  for (const file of ["config.json", "tokenizer.json"]) fs.cpSync(path.join(EMBEDDED_MODEL, file), path.join(folder, file));
  const settings = JSON.parse(fs.readFileSync(path.join(EMBEDDED_MODEL, "tokenizer_config.json"), "utf8")) as object;
  fs.writeFileSync(path.join(folder, "tokenizer_config.json"), JSON.stringify({ ...settings, model_max_length: maxTokens }));
  const table = Object.keys(VOCABULARY).map(() => 0);
  for (const [word, value] of Object.entries(values)) table[VOCABULARY[word]!] = value;
  const graph = new OnnxGraph();
  graph.input("input_ids", INT64, ["batch", "tokens"]);
  graph.input("attention_mask", INT64, ["batch", "tokens"]);
  let tokens = graph.add("Gather", [graph.floats("table", [table.length], table), "input_ids"]);
  tokens = graph.add("Mul", [tokens, graph.add("Cast", ["attention_mask"], { to: FLOAT })]);
  if (positions !== undefined) {
    const last = graph.add("Sub", [graph.add("Shape", ["input_ids"], { start: 1 }), graph.integers("one_less", [1])]);
    const position = graph.add("Gather", [
      graph.floats(
        "positions",
        [positions],
        Array.from({ length: positions }, () => 0),
      ),
      last,
    ]);
    tokens = graph.add("Add", [tokens, position]);
  }
  if (hasTypes) {
    graph.input("token_type_ids", INT64, ["batch", "tokens"]);
    const types = graph.add("Cast", ["token_type_ids"], { to: FLOAT });
    const weights = graph.add("Add", [graph.add("Mul", [types, graph.floats("nine", [], [9])]), graph.floats("one", [], [1])]);
    tokens = graph.add("Mul", [tokens, weights]);
  }
  const sum = graph.add("ReduceSum", [tokens, graph.integers("last", [-1])], { keepdims: 1 });
  if (shape === "one") graph.add("Identity", [sum], {}, output);
  if (shape === "labels") graph.add("Concat", [sum, sum, sum], { axis: -1 }, output);
  if (shape === "pooled") graph.add("Concat", [sum, graph.add("Cos", [sum])], { axis: -1 }, output);
  if (shape === "tokens") graph.add("Unsqueeze", [tokens, "last"], {}, output);
  graph.output(output, FLOAT, { one: ["batch", 1], labels: ["batch", 3], pooled: ["batch", 2], tokens: ["batch", "tokens", 1] }[shape]);
  fs.mkdirSync(path.join(folder, "onnx"));
  fs.writeFileSync(path.join(folder, "onnx/model.onnx"), graph.toBytes({ name: "toy", irVersion: 8, opset: 17 }));
  return folder;
}
