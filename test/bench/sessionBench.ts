import os from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { defaultConfig, type Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { SlotText } from "#core/ports";
import { DatasetSession } from "#core/session/datasetSession";
import type { WholeFileStep } from "#core/session/wholeFileMining";
import type { Result } from "#core/util/result";
import { sha256 } from "../../server/runtime/hash";
import { VectorClient } from "../../server/runtime/vectors/vectorClient";
import { builtModels, buildVectorProcess } from "../support/buildVectorProcess";
import { InMemoryHomeFiles } from "../support/inMemoryHomeFiles";
import { corpusRow, rowsOf, type ClusteredData } from "./clusteredData";
import { quantile, type Figure } from "./figure";

const EDITS = 7;

export type Sampler = Partial<SamplerConfig>;

/** Default rules, and the two margins on top. */
const margins: Sampler = { relative_margin: 0.05, absolute_margin: 0.02, num_negatives: 7 };
export const samplers: Readonly<Record<"top" | "simans", Sampler>> = {
  top: { ...margins, sampling_strategy: "top" },
  simans: { ...margins, sampling_strategy: "simans" },
};

interface SlotSource {
  readonly row: (side: "query" | "document", slot: number) => number | undefined;
  readonly text: SlotText;
}

/** A vector process that takes its vectors from the data. */
export async function startClient({ vectors }: ClusteredData, source: SlotSource): Promise<VectorClient> {
  return new VectorClient({
    processFile: await buildVectorProcess(),
    log: () => undefined,
    settings: { modelsFolder: builtModels(), baseFolder: os.tmpdir() },
    source: { kind: "files", files: vectors, ...source },
  });
}

/** Milliseconds of each edit, from the collection being built or, for the whole, from the edit. */
interface EditTimes {
  readonly carrying: readonly number[];
  readonly remining: readonly number[];
  readonly whole: readonly number[];
}

/** A session over the vectors of invented data, with everything that is known ready when it is asked for. */
export class SessionBench {
  readonly #data: ClusteredData;
  readonly #rowOfText: Map<string, number>;
  readonly #session: DatasetSession;
  /** Settles waiting for the search of a preview. */
  #searched: () => void = () => undefined;

  private constructor(data: ClusteredData, rowOfText: Map<string, number>, createVectors: (textOf: SlotText) => VectorClient) {
    this.#data = data;
    this.#rowOfText = rowOfText;
    this.#session = new DatasetSession(
      {
        createVectors,
        sha256,
        home: new InMemoryHomeFiles(),
        breathe: () => nextTurn(),
        stopwatch: () => performance.now() / 1000,
        logger: () => undefined,
        author: "",
      },
      {
        revised: () => undefined,
        statusChanged: () => undefined,
        previewAdvanced: (done, total) => {
          if (done === total) this.#searched();
        },
      },
    );
  }

  /** With vectors ready and a lexical index where the configuration asks for one, which it does not. */
  static async open(data: ClusteredData): Promise<SessionBench> {
    const rowOfText = new Map([...data.queries.entries(), ...data.passages.entries()].map(([row, text]) => [text, row]));
    const source: { text: SlotText } = { text: () => "" };
    const client = await startClient(data, {
      row: (side, slot) => rowOfText.get(source.text(side, slot)),
      text: (side, slot) => source.text(side, slot),
    });
    const bench = new SessionBench(data, rowOfText, (textOf) => {
      source.text = textOf;
      return client;
    });
    await bench.#session.setConfig(configOf(samplers.simans));
    await bench.#session.setData(rowsOf(data));
    value(await bench.#session.prepare());
    return bench;
  }

  /** The session itself, for what is measured with marks. */
  get session(): DatasetSession {
    return this.#session;
  }

  /** Milliseconds to the summary of a sampler. */
  preview(sampler: Sampler): Promise<number> {
    return this.answered(() => this.#session.preview(configOf(sampler)));
  }

  /** Milliseconds to the gradients of the whole file at a temperature. */
  gradients(temperature: number): Promise<number> {
    return this.answered(() => this.#session.gradients(temperature));
  }

  /** Milliseconds to an answer that rests on the whole file, the search for its candidates included. */
  async answered<T>(ask: () => Promise<Result<WholeFileStep<T>>>): Promise<number> {
    const started = performance.now();
    for (;;) {
      const searched = new Promise<void>((resolve) => {
        this.#searched = resolve;
      });
      if (value(await ask()).kind === "summary") return performance.now() - started;
      await searched;
    }
  }

  async sliderMoves(): Promise<readonly Figure[]> {
    const moves: readonly Sampler[] = [
      ...[0.02, 0.04, 0.08, 0.1].map((relative_margin) => ({ relative_margin })),
      ...[0.6, 0.7, 0.8].map((max_positive_similarity) => ({ max_positive_similarity })),
      ...[0.25, 0.75, 1.5].map((a) => ({ simans: { ...defaultConfig.sampler.simans, a } })),
      ...[0.9, 0.7, 0.6].map((near_duplicate_overlap) => ({ near_duplicate_overlap })),
    ];
    const summary = await this.preview(samplers.simans);
    const times: number[] = [];
    for (const move of moves) times.push(await this.preview({ ...samplers.simans, ...move }));
    return [
      { name: "preview, the first that is searched for already", value: summary, unit: "ms" },
      { name: `preview, ${String(moves.length)} moves of sliders, median`, value: quantile(times, 0.5), unit: "ms", goal: 200 },
      { name: "the same, worst", value: quantile(times, 1), unit: "ms", goal: 200 },
    ];
  }

  /** One passage after another is edited, with the candidates of the whole file known. */
  async edits(): Promise<EditTimes> {
    const { files } = rowsOf(this.#data);
    const [training, corpus] = [files[0]!, files[1]!];
    await this.#session.setData({ files: [training, corpus] });
    value(await this.#session.prepare());
    const rows = [...corpus.rows];
    const times: Record<keyof EditTimes, number[]> = { carrying: [], remining: [], whole: [] };
    for (let edit = 0; edit < EDITS; edit++) {
      const passage = 5000 + edit * 7001;
      const text = `${this.#data.passages[passage]!} edited`;
      this.#rowOfText.set(text, passage + 300);
      rows[passage] = corpusRow(text, passage);
      const started = performance.now();
      await this.#session.setData({ files: [training, { ...corpus, rows: rows.slice() }] });
      const built = performance.now();
      value(await this.#session.prepare());
      times.carrying.push(performance.now() - built);
      await this.preview(samplers.simans);
      times.remining.push(performance.now() - built);
      times.whole.push(performance.now() - started);
    }
    return times;
  }

  close(): Promise<void> {
    return this.#session.dispose();
  }
}

function configOf(sampler: Sampler): Config {
  return { ...defaultConfig, sampler: { ...defaultConfig.sampler, ...sampler } };
}

/** The value of a result; a failure ends the measurement. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
