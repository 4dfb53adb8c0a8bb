import type { Side } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import { wholeGroups } from "./groups";
import type { SentenceEncoder, TokenVectors } from "./sentenceEncoder";
import { normalise } from "./similarity";

/** Bytes of document token vectors kept: about 400 passages of 150 word pieces and 384 dimensions. */
export const TOKEN_VECTOR_BYTES = 96 * 2 ** 20;

/** The encoder that is open, and how texts are put to it. */
export interface TokenEncoder {
  /** As messages name it. */
  readonly id: string;
  readonly encoder: () => Promise<Result<SentenceEncoder>>;
  readonly prompts: Readonly<Record<Side, string>>;
}

/**
 * Unit vectors of texts' tokens. A text's tokens are those of its prompt and its own; the special tokens that the tokenizer puts around a
 * text are no part of it. Each text goes through the model alone, so that its vectors are the same bits whatever else is asked for: in
 * batches passages are only a tenth faster. Those of documents used last are kept.
 */
export class TokenVectorSource {
  readonly #source: TokenEncoder;
  readonly #kept: RecentlyUsed<TokenVectors>;

  constructor(source: TokenEncoder, bytes: number = TOKEN_VECTOR_BYTES) {
    this.#source = source;
    this.#kept = new RecentlyUsed(bytes);
  }

  async ofQuery(text: string, slot: number): Promise<Result<TokenVectors>> {
    return this.#encode("query", text, slot);
  }

  /** Rows of zeros follow up to whole groups, as the columns of a matrix product want it. */
  async ofDocument(text: string, slot: number): Promise<Result<TokenVectors>> {
    const known = this.#kept.get(text);
    if (known !== undefined) return ok(known);
    const made = await this.#encode("document", text, slot);
    if (!made.ok) return made;
    const { rows, dimensions } = made.value;
    const values = new Float32Array(wholeGroups(rows) * dimensions);
    values.set(made.value.values);
    this.#kept.set(text, { rows, dimensions, values }, values.byteLength + text.length * 2);
    return ok({ rows, dimensions, values });
  }

  async #encode(side: Side, text: string, slot: number): Promise<Result<TokenVectors>> {
    const encoder = await this.#source.encoder();
    if (!encoder.ok) return encoder;
    const vectors = await encoder.value.tokenVectors(encoder.value.tokenize(this.#source.prompts[side] + text));
    if (vectors === undefined) return err(this.#noTokenVectors());
    const { rows, dimensions, values } = vectors;
    for (let row = 0; row < rows; row++) {
      if (!normalise(values.subarray(row * dimensions, (row + 1) * dimensions))) return noDirection(side, slot);
    }
    return ok(vectors);
  }

  #noTokenVectors() {
    return {
      reason: "unsupported",
      message: `MaxSim needs a vector for each token; the model ${this.#source.id} gives only one for the whole text.`,
      nextStep:
        'Set model.id to a model whose ONNX file has the output last_hidden_state, or sampler.rescore.kind to "cross_encoder" or "none".',
    } as const;
  }
}

/** Values within a number of bytes; those that were not used for longest go first. */
class RecentlyUsed<T> {
  readonly #most: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, { readonly value: T; readonly bytes: number }>();
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** The key must not be present. */
  set(key: string, value: T, bytes: number): void {
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#most) return;
      this.#entries.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }
}

function noDirection(side: Side, slot: number): Result<never> {
  return err({
    reason: "bad-vectors",
    message: `The model gives no direction (NaN or all zeros) for a token in the text of ${side} slot ${String(slot)}.`,
    nextStep: "Choose another model or precision; the model file may be damaged.",
  });
}
