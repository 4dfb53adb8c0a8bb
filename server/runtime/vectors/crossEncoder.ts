import type { InferenceSession, Tensor } from "onnxruntime-node";
import { err, ok, type Err, type Result } from "#core/util/result";
import type { ModelFolder } from "./modelFolder";
import { ort } from "./nativeModules";
import type { PairScorer, TextPair } from "./pairScorer";
import { PairTokenizer, type PairTokens } from "./pairTokens";
import type { SlicedWork } from "../process/taskQueue";
import { loadTokenizer, type TokenIds } from "./tokenizer";

/** Raised when the score of the same pair changes. */
export const CROSS_ENCODER_VERSION = 1;

const INPUTS = ["input_ids", "attention_mask", "token_type_ids"];
const NEXT_STEP =
  'Set sampler.rescore.model to a cross-encoder with one label, such as "Xenova/ms-marco-MiniLM-L-6-v2", or sampler.rescore.kind to "maxsim".';

/**
 * A model that reads a query and a document together and gives their relevance as one number, its raw logit. Each pair goes through the
 * model alone, so that its score is the same bits whatever else is asked for.
 */
export class CrossEncoder implements PairScorer {
  readonly #session: InferenceSession;
  readonly #tokenizer: PairTokenizer;
  readonly #folder: string;

  private constructor(session: InferenceSession, tokenizer: PairTokenizer, folder: string) {
    this.#session = session;
    this.#tokenizer = tokenizer;
    this.#folder = folder;
  }

  /** Loads the model and runs it once. */
  static async open(model: ModelFolder, threads: number): Promise<Result<CrossEncoder>> {
    const { folder, onnxFile } = model;
    let tokenizer: PairTokenizer;
    let session: InferenceSession;
    try {
      tokenizer = new PairTokenizer(await loadTokenizer(folder), model.maxTokens);
    } catch (error) {
      return broken(folder, `has a tokenizer that cannot be used: ${(error as Error).message}.`);
    }
    try {
      // By path: options, and with them the number of threads, are ignored for models given as bytes.
      session = await ort.InferenceSession.create(onnxFile, { executionProviders: ["cpu"], intraOpNumThreads: threads });
    } catch (error) {
      return broken(folder, `cannot be loaded from ${onnxFile}: ${(error as Error).message}`);
    }
    const unknown = session.inputNames.find((name) => !INPUTS.includes(name));
    if (unknown !== undefined) return broken(folder, `wants an input "${unknown}", which cross-encoders of texts do not have.`);
    const encoder = new CrossEncoder(session, tokenizer, folder);
    const first = await encoder.#tryLogit(tokenizer.pair(tokenizer.tokensOf("text"), tokenizer.tokensOf("text")), "a first pair");
    return first.ok ? ok(encoder) : first;
  }

  async *score<T extends TextPair>(pairs: readonly T[], onScore: (pair: T, score: number) => void): SlicedWork<Result<void>> {
    const tokens = new Map<string, TokenIds>();
    const tokensOf = (text: string): TokenIds => {
      const known = tokens.get(text) ?? this.#tokenizer.tokensOf(text);
      tokens.set(text, known);
      return known;
    };
    for (const pair of pairs) {
      const { query, document } = pair;
      const score = await this.#tryLogit(
        this.#tokenizer.pair(tokensOf(query.text), tokensOf(document.text)),
        `query slot ${String(query.slot)} and document slot ${String(document.slot)}`,
      );
      if (!score.ok) return score;
      if (!Number.isFinite(score.value)) return this.#noScore(pair, score.value);
      onScore(pair, score.value);
      yield undefined;
    }
    return ok(undefined);
  }

  /** A model may refuse some texts only: a table of positions that is too short, for one. */
  async #tryLogit(tokens: PairTokens, what: string): Promise<Result<number>> {
    try {
      return await this.#logit(tokens);
    } catch (error) {
      return broken(this.#folder, `fails on ${what}: ${(error as Error).message}`);
    }
  }

  async #logit({ ids, types }: PairTokens): Promise<Result<number>> {
    const values = { input_ids: ids, attention_mask: ids.map(() => 1), token_type_ids: types };
    const feeds = Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => this.#session.inputNames.includes(name))
        .map(([name, data]): [string, Tensor] => [name, new ort.Tensor("int64", BigInt64Array.from(data, BigInt), [1, ids.length])]),
    );
    const outputs = await this.#session.run(feeds);
    const named = Object.entries(outputs);
    const output = outputs["logits"] ?? (named.length === 1 ? named[0]?.[1] : undefined);
    if (output === undefined) return this.#notOne(`has the outputs ${named.map(([name]) => name).join(", ")} and none named logits`);
    const { data, dims } = output;
    if (dims.length > 2) return this.#notOne(`gives an output of shape [${dims.join(", ")}] for a pair, as an encoder does`);
    if (data.length !== 1) return this.#notOne(`gives ${String(data.length)} scores, one a label, for a pair`);
    return ok(Number(data[0]));
  }

  #notOne(what: string): Err {
    return err({
      reason: "unsupported",
      message: `The model in ${this.#folder} ${what}; a cross-encoder gives one score.`,
      nextStep: NEXT_STEP,
      place: { file: this.#folder },
    });
  }

  #noScore({ query, document }: TextPair, score: number): Err {
    return err({
      reason: "bad-model",
      message: `The cross-encoder in ${this.#folder} gives ${String(score)} for query slot ${String(query.slot)} and document slot ${String(document.slot)}.`,
      nextStep: "Choose another model or precision; the model file may be damaged.",
      place: { file: this.#folder },
    });
  }
}

function broken(folder: string, what: string): Err {
  return err({
    reason: "bad-model",
    message: `The cross-encoder in ${folder} ${what}`,
    nextStep: "Fetch or export it again, or choose another.",
    place: { file: folder },
  });
}
