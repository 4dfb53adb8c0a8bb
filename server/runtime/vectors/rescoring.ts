import { createHash } from "node:crypto";
import type { EmbedProgress, LogLevel, RescorerChoice, Side } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import { CrossEncoder, CROSS_ENCODER_VERSION } from "./crossEncoder";
import { FileHashes } from "./fileHashes";
import type { MatrixProduct } from "./matrixProduct";
import { MaxSim, MAXSIM_VERSION } from "./maxSim";
import { findModel, type ModelSettings } from "./modelFolder";
import type { PairScorer, TextPair } from "./pairScorer";
import { digestOf, pairKey, PAIRS_PER_GENERATION, ScoreCache } from "./scoreCache";
import { ScoreJournal, type KnownScore } from "./scoreJournal";
import type { SlicedCalculation, SlicedWork } from "../process/taskQueue";
import { TokenVectorSource, type TokenEncoder } from "./tokenVectors";
import type { ProcessSettings, Rescore } from "./vectorMessages";

/** What rescoring uses of the space that is open. */
export interface RescoringSpace {
  readonly settings: ProcessSettings;
  readonly threads: number;
  readonly product: MatrixProduct;
  /** Undefined where the vectors are the user's own. */
  readonly encoder: (TokenEncoder & { readonly fingerprint: string }) | undefined;
}

/** A rescorer that is loaded when a pair has no score yet. */
interface Rescorer {
  readonly fingerprint: string;
  readonly scorer: () => Promise<Result<PairScorer>>;
}

interface MissingPair extends TextPair {
  readonly key: string;
  /** Places of the pair in the answer. */
  readonly places: readonly number[];
}

interface Scored {
  readonly onScore: (pair: MissingPair, score: number) => void;
  /** Called from time to time with the number of places filled. */
  readonly onDone: (places: number) => void;
  readonly journal: ScoreJournal | undefined;
}

const CROSS_ENCODER_SETTINGS: ModelSettings = {
  id: "sampler.rescore.model",
  ids: 'a folder that holds config.json, tokenizer.json and onnx/, or to a hub id such as "Xenova/ms-marco-MiniLM-L-6-v2"',
  precision: "sampler.rescore.precision",
};
const PROGRESS_EVERY_MS = 250;
/** Scores written to disk at once. */
const SCORES_PER_WRITE = 64;
const PAIRS_PER_SLICE = 4096;

/** Second scores of queries and documents. Scores outlive the model that is open; the same pair is never scored twice while it is remembered. */
export class Rescoring {
  readonly #log: (level: LogLevel, message: string) => void;
  readonly #scores = new ScoreCache();
  #space: RescoringSpace | undefined;
  #maxSim: Rescorer | undefined;
  #crossEncoder: { readonly choice: string; readonly rescorer: Rescorer } | undefined;
  /** By the rescorer's fingerprint. */
  readonly #journals = new Map<string, ScoreJournal>();

  constructor(log: (level: LogLevel, message: string) => void) {
    this.#log = log;
  }

  open(space: RescoringSpace): void {
    this.#space = space;
    this.#maxSim = space.encoder === undefined ? undefined : maxSimOf(space.encoder, space.product);
  }

  /** Models found or loaded are looked up anew after this. */
  close(): void {
    this.#space = undefined;
    this.#maxSim = undefined;
    this.#crossEncoder = undefined;
    for (const journal of this.#journals.values()) journal.close();
    this.#journals.clear();
  }

  /** The scores of all jobs' documents, one job after the other. */
  async *run(request: Rescore, onProgress: (progress: EmbedProgress) => void): SlicedWork<Result<Float32Array>> {
    const space = this.#space;
    if (space === undefined) return err(NOT_OPEN);
    const rescorer = await this.#rescorerOf(request.choice, space);
    if (!rescorer.ok) return rescorer;
    yield undefined;
    const journal = this.#journalOf(rescorer.value.fingerprint, space);
    const scores = new Float32Array(request.jobs.reduce((sum, { documents }) => sum + documents.length, 0));
    const missing = yield* this.#lookUp(request, rescorer.value.fingerprint, scores);
    if (missing.length === 0) return ok(scores);
    const scorer = await rescorer.value.scorer();
    if (!scorer.ok) return scorer;
    const total = scores.length;
    const uncached = missing.reduce((sum, { places }) => sum + places.length, 0);
    const scored = yield* this.#scoreAll(scorer.value, missing, {
      onScore: ({ places }, score) => {
        for (const place of places) scores[place] = score;
      },
      onDone: (done) => {
        onProgress({ done: total - uncached + done, total, uncached });
      },
      journal,
    });
    return scored.ok ? ok(scores) : scored;
  }

  /** Fills in the scores that are known, and gives the other pairs, each once. */
  *#lookUp({ jobs, texts }: Rescore, fingerprint: string, scores: Float32Array): SlicedCalculation<readonly MissingPair[]> {
    const missing = new Map<string, MissingPair & { readonly places: number[] }>();
    const digests = { query: new Map<number, Buffer>(), document: new Map<number, Buffer>() };
    const digest = (side: Side, slot: number): Buffer => {
      const known = digests[side].get(slot) ?? digestOf(texts[side].get(slot) ?? "");
      digests[side].set(slot, known);
      return known;
    };
    let place = 0;
    for (const job of jobs) {
      for (const slot of job.documents) {
        const key = pairKey(fingerprint, digest("query", job.query), digest("document", slot));
        const score = this.#scores.get(key);
        const again = missing.get(key);
        if (score !== undefined) scores[place] = score;
        else if (again !== undefined) again.places.push(place);
        else
          missing.set(key, {
            key,
            places: [place],
            query: { slot: job.query, text: texts.query.get(job.query) ?? "" },
            document: { slot, text: texts.document.get(slot) ?? "" },
          });
        if (++place % PAIRS_PER_SLICE === 0) yield undefined;
      }
    }
    return [...missing.values()];
  }

  /** What was scored is kept even where the work is stopped or fails. */
  async *#scoreAll(scorer: PairScorer, missing: readonly MissingPair[], { onScore, onDone, journal }: Scored): SlicedWork<Result<void>> {
    let unkept: KnownScore[] = [];
    let done = 0;
    let reported = -Infinity;
    const keep = (): void => {
      this.#scores.add(unkept);
      journal?.append(unkept);
      unkept = [];
    };
    const onPair = (pair: MissingPair, score: number): void => {
      const rounded = Math.fround(score);
      onScore(pair, rounded);
      unkept.push({ key: pair.key, score: rounded });
      if (unkept.length >= SCORES_PER_WRITE) keep();
      done += pair.places.length;
      if (performance.now() - reported < PROGRESS_EVERY_MS) return;
      reported = performance.now();
      onDone(done);
    };
    try {
      return yield* scorer.score(missing, onPair);
    } finally {
      keep();
    }
  }

  async #rescorerOf(choice: RescorerChoice, space: RescoringSpace): Promise<Result<Rescorer>> {
    if (choice.kind === "maxsim") return this.#maxSim === undefined ? err(NO_MODEL) : ok(this.#maxSim);
    const name = JSON.stringify(choice);
    if (this.#crossEncoder?.choice !== name) {
      const found = await crossEncoderOf(choice, space);
      if (!found.ok) return found;
      this.#crossEncoder = { choice: name, rescorer: found.value };
    }
    return ok(this.#crossEncoder.rescorer);
  }

  /** Reads what other processes kept, the first time. Undefined where nothing may be kept. */
  #journalOf(fingerprint: string, { settings }: RescoringSpace): ScoreJournal | undefined {
    const known = this.#journals.get(fingerprint);
    if (known !== undefined || settings.cacheFolder === undefined) return known;
    const journal = new ScoreJournal({ folder: settings.cacheFolder, fingerprint, log: this.#log });
    this.#journals.set(fingerprint, journal);
    this.#scores.add(journal.read(PAIRS_PER_GENERATION));
    return journal;
  }
}

const NOT_OPEN = { reason: "not-ready", message: "No model is open.", nextStep: "Wait until the model is loaded." } as const;
const NO_MODEL = {
  reason: "unsupported",
  message: "MaxSim needs a model; own vectors have no token vectors.",
  nextStep: 'Leave out the vector files, or set sampler.rescore.kind to "cross_encoder" or "none".',
} as const;

function maxSimOf(encoder: NonNullable<RescoringSpace["encoder"]>, product: MatrixProduct): Rescorer {
  const { query, document } = encoder.prompts;
  const scorer = new MaxSim(new TokenVectorSource(encoder), product);
  return {
    fingerprint: fingerprintOf("maxsim", MAXSIM_VERSION, encoder.fingerprint, query, document),
    scorer: () => Promise.resolve(ok(scorer)),
  };
}

async function crossEncoderOf(
  { id, precision, allowDownload }: Extract<RescorerChoice, { kind: "cross_encoder" }>,
  { settings, threads }: RescoringSpace,
): Promise<Result<Rescorer>> {
  if (id.trim() === "") {
    const { id: setting, ids } = CROSS_ENCODER_SETTINGS;
    return err({ reason: "bad-config", message: `${setting} names no cross-encoder.`, nextStep: `Set it to ${ids}.` });
  }
  const wanted = { id, precision, allowDownload, settings: CROSS_ENCODER_SETTINGS };
  const model = await findModel(wanted, settings, new FileHashes(settings.cacheFolder));
  if (!model.ok) return model;
  let opened: Promise<Result<CrossEncoder>> | undefined;
  const scorer = async (): Promise<Result<CrossEncoder>> => {
    opened ??= CrossEncoder.open(model.value, threads);
    const result = await opened;
    // A folder that is mended in the meantime works the next time.
    if (!result.ok) opened = undefined;
    return result;
  };
  return ok({ fingerprint: fingerprintOf("cross-encoder", CROSS_ENCODER_VERSION, model.value.fingerprint), scorer });
}

function fingerprintOf(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
