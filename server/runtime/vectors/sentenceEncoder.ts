import type { InferenceSession, Tensor } from "onnxruntime-node";
import { err, ok, type Result } from "#core/util/result";
import type { ModelFolder, Pooling } from "./modelFolder";
import { ort } from "./nativeModules";
import { normalise } from "./similarity";
import { firstTokens, loadTokenizer, type TokenIds, type Tokenizer } from "./tokenizer";

/** The last layer's vectors of a text's tokens, row after row. */
export interface TokenVectors {
  readonly rows: number;
  readonly dimensions: number;
  readonly values: Float32Array;
}

const INPUTS = ["input_ids", "attention_mask", "token_type_ids"];
/** Which output is read, best first; where a model has none of them, its first. */
const OUTPUTS = ["sentence_embedding", "last_hidden_state", "token_embeddings"];
/** Outputs that have a vector for each token. */
const TOKEN_OUTPUTS = ["last_hidden_state", "token_embeddings"];
/** Turns texts into unit vectors. */
export class SentenceEncoder {
  readonly dimensions: number;
  readonly #tokenizer: Tokenizer;
  readonly #session: InferenceSession;
  readonly #model: ModelFolder;
  /** Number of special tokens before each text. */
  readonly #opening: number;
  /** Special tokens after each text. */
  readonly #closing: TokenIds;

  private constructor(parts: { tokenizer: Tokenizer; session: InferenceSession; model: ModelFolder; dimensions: number }) {
    this.#tokenizer = parts.tokenizer;
    this.#session = parts.session;
    this.#model = parts.model;
    this.dimensions = parts.dimensions;
    const { opening, closing } = specialTokens(parts.tokenizer);
    this.#opening = opening;
    this.#closing = closing;
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
    const ids = firstTokens(text, maxTokens, (prefix) => this.#tokenizer(prefix, { return_tensor: false }).input_ids);
    return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - this.#closing.length), ...this.#closing];
  }

  /** One vector a text. A vector that has no direction (NaN, all zeros) comes as an empty array. */
  async encode(batch: readonly TokenIds[]): Promise<readonly Float32Array[]> {
    const output = await this.#run(batch);
    return batch.map((text, row) => {
      const vector = pooled(output, row, text.length, this.#model.pooling);
      return normalise(vector) ? vector : new Float32Array(0);
    });
  }

  /**
   * The last layer's vectors of the text's own tokens, as the model gives them, not scaled. The special tokens that the tokenizer puts around
   * a text are left out, but stand for a text that has no token of its own. Undefined where the model gives no vector for each token.
   */
  async tokenVectors(ids: TokenIds): Promise<TokenVectors | undefined> {
    const outputs = await this.#runAll([ids]);
    const output = TOKEN_OUTPUTS.flatMap((name) => outputs[name] ?? []).at(0);
    const [, tokens, dimensions] = output?.dims ?? [];
    if (!(output?.data instanceof Float32Array) || tokens !== ids.length || dimensions === undefined) return undefined;
    const own = ids.length - this.#opening - this.#closing.length;
    const rows = own > 0 ? own : ids.length;
    const start = (own > 0 ? this.#opening : 0) * dimensions;
    return { rows, dimensions, values: output.data.slice(start, start + rows * dimensions) };
  }

  /** The output that vectors are read from: [batch, d], [batch, 1, d] or [batch, tokens, d]. */
  async #run(batch: readonly TokenIds[]): Promise<Tensor> {
    const outputs = await this.#runAll(batch);
    const output = OUTPUTS.flatMap((name) => outputs[name] ?? []).at(0) ?? Object.values(outputs).at(0);
    if (!(output?.data instanceof Float32Array)) throw new Error("Its output is not made of 32-bit floats.");
    return output;
  }

  async #runAll(batch: readonly TokenIds[]): Promise<InferenceSession.OnnxValueMapType> {
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
    return this.#session.run(feeds);
  }
}

/**
 * How many tokens the tokenizer puts before a text, and which after it: the end that an empty text and one word share, less what both begin
 * with.
 */
function specialTokens(tokenizer: Tokenizer): { readonly opening: number; readonly closing: TokenIds } {
  const ids = (text: string) => tokenizer(text, { return_tensor: false }).input_ids;
  const empty = ids("");
  const word = ids("a");
  let shared = 0;
  while (shared < empty.length && empty.at(-1 - shared) === word.at(-1 - shared)) shared++;
  let opening = 0;
  while (opening < empty.length - shared && empty[opening] === word[opening]) opening++;
  return { opening, closing: empty.slice(Math.max(opening, empty.length - shared)) };
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
