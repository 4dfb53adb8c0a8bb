import { setImmediate as nextTurn } from "node:timers/promises";
import { defaultConfig } from "#core/config/config";
import { Curation } from "#core/curation/curation";
import type { Card, Lane } from "#core/curation/card";
import type { VerdictMark } from "#core/marks/mark";
import { foldMarks } from "#core/marks/foldMarks";
import type { SlotText } from "#core/ports";
import { DatasetSession } from "#core/session/datasetSession";
import { sha256 } from "../../server/runtime/hash";
import { InMemoryHomeFiles } from "../support/inMemoryHomeFiles";
import { clusteredData, rowsOf } from "./clusteredData";
import type { ClusteredData } from "./clusteredData";
import { quantile } from "./figure";
import type { Bench, Figure } from "./figure";
import { startClient, value } from "./sessionBench";

const QUERIES = 10_000;
const PASSAGES = 6000;
const MARKS = 60;
const AUTHOR = "ann";

/** The lanes over 50,000 emitted pairs: beginning an audit, the next card after a mark, and the bound. */
export const curationBench: Bench = {
  name: "curation",
  run: async () => {
    const data = clusteredData(QUERIES, PASSAGES);
    try {
      const bench = await CurationBench.open(data);
      return await bench.figures();
    } finally {
      data.remove();
    }
  },
};

class CurationBench {
  readonly #session: DatasetSession;
  readonly #curation: Curation;
  readonly #marks = foldMarks([]);
  #names = 0;
  /** Longest time in which nothing else could be answered, in milliseconds, while somebody looks. */
  #blocked = 0;

  private constructor(createVectors: (textOf: SlotText) => Awaited<ReturnType<typeof startClient>>) {
    const home = new InMemoryHomeFiles();
    const held: { curation?: Curation } = {};
    const common = { sha256, home, logger: () => undefined, author: AUTHOR };
    this.#session = new DatasetSession(
      { ...common, createVectors, breathe: () => nextTurn(), stopwatch: () => performance.now() / 1000 },
      {
        revised: () => held.curation?.sessionRevised(),
        statusChanged: () => undefined,
        previewAdvanced: (done, total) => held.curation?.searchAdvanced(done, total),
      },
    );
    this.#curation = new Curation({
      ...common,
      session: this.#session,
      clock: () => "2026-01-02T03:04:05.000Z",
      newSalt: () => sha256("bench").slice(0, 32),
      tool: "bench",
      dataset: "train.jsonl",
      changed: () => undefined,
      advanced: () => undefined,
    });
    held.curation = this.#curation;
  }

  static async open(data: ClusteredData): Promise<CurationBench> {
    const rowOfText = new Map([...data.queries.entries(), ...data.passages.entries()].map(([row, text]) => [text, row]));
    const source: { text: SlotText } = { text: () => "" };
    const client = await startClient(data, {
      row: (side, slot) => rowOfText.get(source.text(side, slot)),
      text: (side, slot) => source.text(side, slot),
    });
    const bench = new CurationBench((textOf) => {
      source.text = textOf;
      return client;
    });
    await bench.#session.setConfig({ ...defaultConfig, sampler: { ...defaultConfig.sampler, num_negatives: 5, relative_margin: null } });
    await bench.#session.setData(rowsOf(data));
    value(await bench.#session.prepare());
    return bench;
  }

  async figures(): Promise<readonly Figure[]> {
    const cold = await this.#timed(() => this.#card("harvest"));
    const begun = await this.#timed(async () => value(await this.#curation.beginAudit({ requested: false })));
    const first = await this.#timed(() => this.#card("audit"));
    const harvest = await this.#judgeAll("harvest");
    const audit = await this.#judgeAll("audit");
    await this.#session.dispose();
    return [
      { name: "harvest: the whole file looked at for the first card", value: cold / 1000, unit: "s" },
      { name: "audit: 50,000 pairs frozen and ordered", value: (begun + first) / 1000, unit: "s" },
      { name: "mark to the next card of the harvest, 95 %", value: quantile(harvest.cards, 0.95), unit: "ms", goal: 20 },
      { name: "the same, longest", value: quantile(harvest.cards, 1), unit: "ms" },
      { name: "mark to the next card of the audit, 95 %", value: quantile(audit.cards, 0.95), unit: "ms", goal: 20 },
      { name: "the same, longest", value: quantile(audit.cards, 1), unit: "ms" },
      { name: "bounds and counters after a mark, median", value: quantile([...harvest.bounds, ...audit.bounds], 0.5), unit: "ms", goal: 5 },
      { name: "the same, 95 %", value: quantile([...harvest.bounds, ...audit.bounds], 0.95), unit: "ms" },
      { name: "longest time without an answer meanwhile", value: this.#blocked, unit: "ms" },
    ];
  }

  async #judgeAll(lane: Lane): Promise<{ readonly cards: readonly number[]; readonly bounds: readonly number[] }> {
    const [cards, bounds]: [number[], number[]] = [[], []];
    let card = await this.#card(lane);
    const watch = setInterval(watching(), 5);
    const slowest = { milliseconds: 0 };
    function watching(): () => void {
      let last = performance.now();
      return () => {
        slowest.milliseconds = Math.max(slowest.milliseconds, performance.now() - last - 5);
        last = performance.now();
      };
    }
    for (let i = 0; i < MARKS; i += 1) {
      this.#judge(card, lane);
      const started = performance.now();
      this.#session.setMarks(this.#marks);
      card = await this.#card(lane);
      const answered = performance.now();
      cards.push(answered - started);
      value(await this.#curation.standing());
      bounds.push(performance.now() - answered);
      // As long as a quick person takes, so that work in the background meets the next mark.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    clearInterval(watch);
    this.#blocked = Math.max(this.#blocked, slowest.milliseconds);
    return { cards, bounds };
  }

  #judge({ query, document }: Card, lane: Lane): void {
    const mark: VerdictMark = {
      kind: "verdict",
      mark: String((this.#names += 1)),
      time: "",
      author: AUTHOR,
      verdict: this.#names % 10 === 0 ? "false_negative" : "true_negative",
      query: { key: query },
      document: { key: document },
      lane,
      blind: false,
      suggestion_shown: false,
      tool: "bench",
    };
    this.#marks.add(mark);
  }

  async #card(lane: Lane): Promise<Card> {
    for (;;) {
      const answer = value(await this.#curation.nextCard({ lane }));
      if (answer.kind === "card") return answer.card;
      if (answer.kind === "done") throw new Error(answer.text);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #timed(act: () => Promise<unknown>): Promise<number> {
    const started = performance.now();
    await act();
    return performance.now() - started;
  }
}
