import type { EmbedProgress, EmbedReport, PutOptions, Side, SlotText } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import type { ProcessLink, SendOptions } from "../process/processLink";
import { inLanes, partsOf } from "./requestParts";
import type { PutRows, PutTexts, VectorTraffic } from "./vectorMessages";

/** Vectors are made by the chosen model from the slots' texts. */
export interface TextSource {
  readonly kind: "texts";
  readonly text: SlotText;
}

/** Vectors are the user's own, from .npy files: the model chosen plays no part. */
export interface FileSource {
  readonly kind: "files";
  readonly files: Readonly<Record<Side, string>>;
  /** Row of a slot's vector, counted from 0; undefined where the file has none for it. */
  readonly row: (side: Side, slot: number) => number | undefined;
  /** For a cross-encoder, which reads texts. */
  readonly text: SlotText;
}

/** Slots sent at once: enough to sort by length, few enough to stop soon. */
const SLOTS_PER_REQUEST = 1024;
/** So few texts, an edited row for one, go before a long run. */
const FEW_TEXTS = 16;

/** Slots that go to the process together. A slot that is dropped on the way leaves its chunk. */
interface Chunk {
  readonly slots: Set<number>;
  readonly urgent: boolean;
}

/** What is known here of one side's slots, so that nothing is sent twice and a new process can be filled. */
export class SlotFilling {
  readonly #side: Side;
  readonly #source: TextSource | FileSource;
  readonly #link: ProcessLink<VectorTraffic>;
  readonly #present = new Set<number>();
  readonly #onTheWay = new Set<Chunk>();

  constructor(side: Side, source: TextSource | FileSource, link: ProcessLink<VectorTraffic>) {
    this.#side = side;
    this.#source = source;
    this.#link = link;
  }

  clear(): void {
    this.#present.clear();
    this.#onTheWay.clear();
  }

  async put(slots: readonly number[], options: PutOptions): Promise<Result<EmbedReport>> {
    const missing = [...new Set(slots)].filter((slot) => !this.#present.has(slot));
    if (missing.length === 0) return ok({ embedded: 0, cached: 0 });
    const chunks = chunksOf(missing, options.first ?? []);
    for (const chunk of chunks) this.#onTheWay.add(chunk);
    const progress = new Map<Chunk, EmbedProgress>();
    const sum = (part: "done" | "uncached"): number => [...progress.values()].reduce((all, one) => all + one[part], 0);
    let embedded = 0;
    let cached = 0;
    const failed = await inLanes(chunks, async (chunk) => {
      const onProgress = (one: EmbedProgress): void => {
        progress.set(chunk, one);
        options.onProgress?.({ done: sum("done"), total: missing.length, uncached: sum("uncached") });
      };
      const report = await this.#putChunk(chunk, { cancellation: options.cancellation, onProgress });
      if (!report.ok) return report;
      onProgress({ done: chunk.slots.size, total: chunk.slots.size, uncached: report.value.embedded });
      embedded += report.value.embedded;
      cached += report.value.cached;
      return report;
    });
    for (const chunk of chunks) this.#onTheWay.delete(chunk);
    return failed ?? ok({ embedded, cached });
  }

  drop(slots: readonly number[]): void {
    for (const slot of slots) {
      this.#present.delete(slot);
      for (const chunk of this.#onTheWay) chunk.slots.delete(slot);
    }
    this.#link.tell({ drop: this.#side, slots });
  }

  /** Gives a new process what the old one had. */
  async refill(): Promise<Result<unknown>> {
    for (const { items } of partsOf([...this.#present], SLOTS_PER_REQUEST)) {
      const wanted = (): readonly number[] => items.filter((slot) => this.#present.has(slot));
      const report = await this.#send(wanted, false, { refilling: true });
      if (!report.ok) return report;
    }
    return ok(undefined);
  }

  async #putChunk(chunk: Chunk, options: SendOptions<EmbedProgress>): Promise<Result<EmbedReport>> {
    const report = await this.#send(() => [...chunk.slots].filter((slot) => !this.#present.has(slot)), chunk.urgent, options);
    // A chunk that left the list belongs to a model that was replaced.
    if (report.ok && this.#onTheWay.has(chunk)) for (const slot of chunk.slots) this.#present.add(slot);
    return report;
  }

  /** `wanted` is asked anew when a process died and the request is sent again. */
  #send(wanted: () => readonly number[], urgent: boolean, options: SendOptions<EmbedProgress>): Promise<Result<EmbedReport>> {
    const [side, source] = [this.#side, this.#source];
    if (source.kind === "texts") {
      return this.#link.send((): PutTexts => {
        const slots = wanted();
        return { kind: "putTexts", side, slots, texts: slots.map((slot) => source.text(side, slot)), urgent };
      }, options);
    }
    const rowless = wanted().find((slot) => source.row(side, slot) === undefined);
    if (rowless !== undefined) {
      return Promise.resolve(
        err({
          reason: "bad-vectors",
          message: `The vector file has no row for ${side} slot ${String(rowless)}.`,
          nextStep: "Give a file with one row for each record, in the order of the records.",
          place: { file: source.files[side] },
        }),
      );
    }
    return this.#link.send((): PutRows => {
      const rows = wanted().map((slot) => [slot, source.row(side, slot) ?? -1] as const);
      return { kind: "putRows", side, slots: rows.map(([slot]) => slot), rows: rows.map(([, row]) => row) };
    }, options);
  }
}

/** The first slots in a request of their own, then the others in their order. */
function chunksOf(slots: readonly number[], first: readonly number[]): readonly Chunk[] {
  const wanted = new Set(first);
  const head = slots.filter((slot) => wanted.has(slot));
  const rest = slots.filter((slot) => !wanted.has(slot));
  const chunks: Chunk[] = head.length === 0 ? [] : [{ slots: new Set(head), urgent: true }];
  const urgent = slots.length <= FEW_TEXTS;
  return [...chunks, ...partsOf(rest, SLOTS_PER_REQUEST).map(({ items }) => ({ slots: new Set(items), urgent }))];
}
