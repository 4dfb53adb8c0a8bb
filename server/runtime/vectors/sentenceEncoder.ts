import path from "node:path";
import { AutoTokenizer, env } from "@xenova/transformers";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { err, ok, type Result } from "#core/util/result";
import type { ModelFolder, Pooling } from "./modelFolder";
import { ort } from "./nativeModules";
import { normalise } from "./similarity";

/** Word ids of one text, special tokens included. */
export type TokenIds = readonly number[];

/** What is used of a tokenizer of @xenova/transformers. */
interface Tokenizer {
  (text: string, options: { readonly return_tensor: false }): { readonly input_ids: TokenIds };
  readonly pad_token_id?: number;
}

const INPUTS = ["input_ids", "attention_mask", "token_type_ids"];
/** Which output is read, best first; where a model has none of them, its first. */
const OUTPUTS = ["sentence_embedding", "last_hidden_state", "token_embeddings"];
/** Texts are tokenised in prefixes, so that one of 20 MB costs no more than its beginning. */
const CHARACTERS_PER_TOKEN = 16;
/** A prefix may end within a word, which changes its last word pieces; these are never among the tokens kept. */
const SPARE_TOKENS = 32;

/** Turns texts into unit vectors. */
export class SentenceEncoder {
  readonly dimensions: number;
  readonly #tokenizer: Tokenizer;
  readonly #session: InferenceSession;
  readonly #model: ModelFolder;
  /** Special tokens after each text. */
  readonly #closing: TokenIds;

  private constructor(parts: { tokenizer: Tokenizer; session: InferenceSession; model: ModelFolder; dimensions: number }) {
    this.#tokenizer = parts.tokenizer;
    this.#session = parts.session;
    this.#model = parts.model;
    this.dimensions = parts.dimensions;
    this.#closing = closingTokens(parts.tokenizer);
  }

  /** Loads the model and runs it once. */
  static async open(model: ModelFolder, threads: number): Promise<Result<SentenceEncoder>> {
    const broken = (what: string) =>
      err({
        reason: "bad-model",
        message: `The model in ${model.folder} ${what}`,
        nextStep: "Fetch or export it again, or choose another.",
      });
    let tokenizer: Tokenizer;
    let session: InferenceSession;
    try {
      tokenizer = await loadTokenizer(model.folder);
    } catch (error) {
      return broken(`has a tokenizer that cannot be loaded: ${(error as Error).message}`);
    }
    try {
      // By path: options, and with them the number of threads, are ignored for models given as bytes.
      session = await ort.InferenceSession.create(model.onnxFile, { executionProviders: ["cpu"], intraOpNumThreads: threads });
    } catch (error) {
      return broken(`cannot be loaded from ${model.onnxFile}: ${(error as Error).message}`);
    }
    const unknown = session.inputNames.find((name) => !INPUTS.includes(name));
    if (unknown !== undefined) return broken(`wants an input "${unknown}", which text encoders do not have.`);
    const probe = new SentenceEncoder({ tokenizer, session, model, dimensions: 0 });
    try {
      const output = await probe.#run([probe.tokenize("text")]);
      return ok(new SentenceEncoder({ tokenizer, session, model, dimensions: output.dims.at(-1) ?? 0 }));
    } catch (error) {
      return broken(`fails on a first text: ${(error as Error).message}`);
    }
  }

  /** Long texts are cut so that the closing special token stays. */
  tokenize(text: string): TokenIds {
    const { maxTokens } = this.#model;
    for (let length = maxTokens * CHARACTERS_PER_TOKEN; ; length *= 2) {
      const prefix = prefixAtSpace(text, length);
      const ids = this.#tokenizer(prefix, { return_tensor: false }).input_ids;
      const whole = prefix.length === text.length;
      if (whole && ids.length <= maxTokens) return ids;
      if (whole || ids.length >= maxTokens + SPARE_TOKENS) return [...ids.slice(0, maxTokens - this.#closing.length), ...this.#closing];
    }
  }

  /** One vector a text. A vector that has no direction (NaN, all zeros) comes as an empty array. */
  async encode(batch: readonly TokenIds[]): Promise<readonly Float32Array[]> {
    const output = await this.#run(batch);
    return batch.map((text, row) => {
      const vector = pooled(output, row, text.length, this.#model.pooling);
      return normalise(vector) ? vector : new Float32Array(0);
    });
  }

  /** The output that vectors are read from: [batch, d], [batch, 1, d] or [batch, tokens, d]. */
  async #run(batch: readonly TokenIds[]): Promise<Tensor> {
    const length = Math.max(...batch.map((ids) => ids.length));
    const mask = new BigInt64Array(batch.length * length);
    const ids = new BigInt64Array(batch.length * length).fill(BigInt(this.#tokenizer.pad_token_id ?? 0));
    batch.forEach((text, row) => {
      text.forEach((id, i) => {
        ids[row * length + i] = BigInt(id);
        mask[row * length + i] = 1n;
      });
    });
    const values = { input_ids: ids, attention_mask: mask, token_type_ids: new BigInt64Array(batch.length * length) };
    const feeds = Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => this.#session.inputNames.includes(name))
        .map(([name, data]): [string, Tensor] => [name, new ort.Tensor("int64", data, [batch.length, length])]),
    );
    // All outputs: onnxruntime-node 1.14 names them wrongly when asked for some only.
    const outputs = await this.#session.run(feeds);
    const output = OUTPUTS.flatMap((name) => outputs[name] ?? []).at(0) ?? Object.values(outputs).at(0);
    if (!(output?.data instanceof Float32Array)) throw new Error("Its output is not made of 32-bit floats.");
    return output;
  }
}

async function loadTokenizer(folder: string): Promise<Tokenizer> {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.localModelPath = `${path.dirname(folder)}/`;
  return (await AutoTokenizer.from_pretrained(path.basename(folder))) as Tokenizer;
}

/** What the tokenizer puts after a text: the end that an empty text and one word share, less what both begin with. */
function closingTokens(tokenizer: Tokenizer): TokenIds {
  const ids = (text: string) => tokenizer(text, { return_tensor: false }).input_ids;
  const empty = ids("");
  const word = ids("a");
  let shared = 0;
  while (shared < empty.length && empty.at(-1 - shared) === word.at(-1 - shared)) shared++;
  let opening = 0;
  while (opening < empty.length - shared && empty[opening] === word[opening]) opening++;
  return empty.slice(Math.max(opening, empty.length - shared));
}

function prefixAtSpace(text: string, length: number): string {
  if (text.length <= length) return text;
  const space = text.lastIndexOf(" ", length);
  return text.slice(0, space > length / 2 ? space : length);
}

/** Row `row` of [batch, d], or of [batch, tokens, d] pooled over the text's own tokens. */
function pooled(output: Tensor, row: number, tokens: number, pooling: Pooling): Float32Array {
  const data = output.data as Float32Array;
  const [, middle = 1, last] = output.dims;
  const dimensions = last ?? middle;
  const rows = last === undefined ? 1 : middle;
  const start = row * rows * dimensions;
  if (rows === 1 || pooling === "cls") return data.slice(start, start + dimensions);
  const mean = new Float32Array(dimensions);
  for (let token = 0; token < tokens; token++) {
    for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] ?? 0) + (data[start + token * dimensions + i] ?? 0);
  }
  return mean;
}
