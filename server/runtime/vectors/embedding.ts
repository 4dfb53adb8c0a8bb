import type { EmbedProgress, EmbedReport, Side } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import { batchPlan } from "./batchPlan";
import type { SentenceEncoder } from "./sentenceEncoder";
import type { SlicedWork } from "../process/taskQueue";
import type { TokenIds } from "./tokenizer";
import type { VectorCache } from "./vectorCache";
import type { PutTexts } from "./vectorMessages";
import type { VectorTable } from "./vectorTable";

/** What embedding needs besides the texts. */
export interface Embedder {
  /** Loads the model at the first call: where the cache has every text it takes neither time nor memory. */
  readonly encoder: () => Promise<Result<SentenceEncoder>>;
  readonly cache: VectorCache | undefined;
  readonly prompts: Readonly<Record<Side, string>>;
  /** One text a batch: int8 scales activations over the whole batch, so neighbours would change a vector. */
  readonly oneByOne: boolean;
}

const TEXTS_PER_SLICE = 256;
const PROGRESS_EVERY_MS = 250;

interface Item {
  readonly slot: number;
  readonly generation: number;
  /** Without its prompt. */
  readonly text: string;
}

/** A text that the cache does not have. */
interface Missing {
  readonly item: Item;
  readonly key: Buffer | undefined;
}

interface Tokenized extends Missing {
  readonly ids: TokenIds;
}

/** Gives slots vectors, from the cache or the encoder. */
export class EmbeddingJob {
  readonly #embedder: Embedder;
  readonly #table: VectorTable;
  readonly #request: PutTexts;
  readonly #items: readonly Item[];
  readonly #onProgress: (progress: EmbedProgress) => void;
  #done = 0;
  #embedded = 0;
  #cached = 0;
  #uncached = 0;
  #reported = -Infinity;
  #unusable: number[] = [];

  /** To be made when the request arrives: a slot dropped after that moment stays empty. */
  constructor(embedder: Embedder, table: VectorTable, request: PutTexts, onProgress: (progress: EmbedProgress) => void) {
    this.#embedder = embedder;
    this.#table = table;
    this.#request = request;
    this.#items = request.slots.map((slot, i) => ({ slot, generation: table.generation(slot), text: request.texts[i] ?? "" }));
    this.#onProgress = onProgress;
  }

  async *run(): SlicedWork<Result<EmbedReport>> {
    const missing: Missing[] = [];
    for (let start = 0; start < this.#items.length; start += TEXTS_PER_SLICE) {
      missing.push(...this.#readCache(this.#items.slice(start, start + TEXTS_PER_SLICE)));
      this.#report();
      yield undefined;
    }
    if (missing.length > 0) {
      const encoder = await this.#embedder.encoder();
      if (!encoder.ok) return encoder;
      yield* this.#embedAll(missing, encoder.value);
    }
    return this.#unusable.length === 0 ? ok({ embedded: this.#embedded, cached: this.#cached }) : this.#unusableVectors();
  }

  async *#embedAll(missing: readonly Missing[], encoder: SentenceEncoder): SlicedWork<void> {
    const prompt = this.#embedder.prompts[this.#request.side];
    const tokenized: Tokenized[] = [];
    for (const one of missing) {
      tokenized.push({ ...one, ids: encoder.tokenize(prompt + one.item.text) });
      if (tokenized.length % TEXTS_PER_SLICE === 0) yield undefined;
    }
    const lengths = tokenized.map(({ ids }) => ids.length);
    for (const batch of batchPlan(lengths, this.#embedder.oneByOne)) {
      const wanted = batch.flatMap((i) => tokenized[i] ?? []).filter(({ item }) => this.#isWanted(item));
      if (wanted.length > 0) await this.#embed(wanted, encoder);
      this.#done += batch.length;
      this.#report();
      yield undefined;
    }
  }

  /** Fills what the cache holds of these, and gives the others. */
  #readCache(items: readonly Item[]): readonly Missing[] {
    const { cache, prompts } = this.#embedder;
    const prompt = prompts[this.#request.side];
    const wanted = items.filter((item) => this.#isWanted(item));
    const keys = cache === undefined ? [] : wanted.map(({ text }) => cache.keyOf(prompt, text));
    const vectors = cache?.read(keys) ?? [];
    const missing: Missing[] = [];
    for (const [i, item] of wanted.entries()) {
      const vector = vectors[i];
      if (vector === undefined) {
        missing.push({ item, key: keys[i] });
      } else {
        this.#set(item, vector);
        this.#cached++;
      }
    }
    this.#done += items.length - missing.length;
    this.#uncached += missing.length;
    return missing;
  }

  async #embed(batch: readonly Tokenized[], encoder: SentenceEncoder): Promise<void> {
    const vectors = await encoder.encode(batch.map(({ ids }) => ids));
    this.#embedded += batch.length;
    const keys: Buffer[] = [];
    const kept: Float32Array[] = [];
    for (const [i, { item, key }] of batch.entries()) {
      const vector = vectors[i];
      if (vector === undefined || vector.length === 0) {
        this.#unusable.push(item.slot);
        continue;
      }
      this.#set(item, vector);
      if (key !== undefined) keys.push(key);
      kept.push(vector);
    }
    this.#embedder.cache?.append(keys, kept);
  }

  #set(item: Item, vector: Float32Array): void {
    if (this.#isWanted(item)) this.#table.set(item.slot, vector);
  }

  /** False when the slot was dropped since, or another request was faster. */
  #isWanted({ slot, generation }: Item): boolean {
    return !this.#table.has(slot) && this.#table.generation(slot) === generation;
  }

  #report(): void {
    const now = performance.now();
    if (now - this.#reported < PROGRESS_EVERY_MS) return;
    this.#reported = now;
    this.#onProgress({ done: this.#done, total: this.#items.length, uncached: this.#uncached });
  }

  #unusableVectors(): Result<never> {
    const [first] = this.#unusable;
    const others = this.#unusable.length === 1 ? "" : ` and of ${String(this.#unusable.length - 1)} more`;
    return err({
      reason: "bad-vectors",
      message: `The model gives no direction (NaN or all zeros) for the text of ${this.#request.side} slot ${String(first)}${others}.`,
      nextStep: "Choose another model or precision; the model file may be damaged.",
    });
  }
}
