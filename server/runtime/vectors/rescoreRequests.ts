import type { RescoreJob, RescorerChoice, Side, SlotText, WorkOptions } from "#core/ports";
import { weightedPartsOf, type RequestPart } from "./requestParts";
import type { Rescore } from "./vectorMessages";

/** A message with so many passages holds a few MB of text. */
const PAIRS_PER_REQUEST = 16_384;
/** Queries of one request share the encoding of the documents that several of them name. */
const JOBS_PER_REQUEST = 1024;

type RescoreChunk = RequestPart<RescoreJob>;

/** Cuts rescoring into requests and puts their answers together. */
export class RescoreRequests {
  readonly chunks: readonly RescoreChunk[];
  /** Of each job, once its chunk was answered. */
  readonly scores: Float32Array[] = [];
  readonly #total: number;
  readonly #done = new Map<RescoreChunk, number>();
  readonly #onProgress: WorkOptions["onProgress"];

  constructor(jobs: readonly RescoreJob[], onProgress: WorkOptions["onProgress"]) {
    const weight = ({ documents }: RescoreJob): number => documents.length;
    this.chunks = weightedPartsOf(jobs, { mostItems: JOBS_PER_REQUEST, weight, mostWeight: PAIRS_PER_REQUEST });
    this.#total = jobs.reduce((sum, { documents }) => sum + documents.length, 0);
    this.#onProgress = onProgress;
  }

  /** So many pairs of the chunk have their scores. */
  report(chunk: RescoreChunk, pairs: number): void {
    this.#done.set(chunk, pairs);
    this.#onProgress?.({ done: [...this.#done.values()].reduce((sum, one) => sum + one, 0), total: this.#total });
  }

  /** `scores` of all documents of the chunk's jobs, one job after the other. */
  fill(chunk: RescoreChunk, scores: Float32Array): void {
    let place = 0;
    for (const [i, { documents }] of chunk.items.entries()) {
      this.scores[chunk.start + i] = scores.subarray(place, place + documents.length);
      place += documents.length;
    }
    this.report(chunk, scores.length);
  }
}

/** The process has no texts, so that they go along, each once. */
export function rescoreRequest(choice: RescorerChoice, jobs: readonly RescoreJob[], text: SlotText, urgent: boolean): Rescore {
  const textsOf = (side: Side, slots: readonly number[]): ReadonlyMap<number, string> =>
    new Map(Array.from(new Set(slots), (slot) => [slot, text(side, slot)]));
  const query = textsOf(
    "query",
    jobs.map((job) => job.query),
  );
  const document = textsOf(
    "document",
    jobs.flatMap(({ documents }) => documents),
  );
  return { kind: "rescore", choice, jobs, texts: { query, document }, urgent };
}
