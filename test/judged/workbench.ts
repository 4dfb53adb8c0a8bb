import { setImmediate as nextTurn } from "node:timers/promises";
import type { Config } from "#core/config/config";
import { foldMarks } from "#core/marks/foldMarks";
import type { VerdictMark } from "#core/marks/mark";
import type { MinedQuery } from "#core/mining/miningState";
import type { SlotText, VectorSpace } from "#core/ports";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { sha256 } from "../../server/runtime/hash";
import { InMemoryHomeFiles } from "../support/inMemoryHomeFiles";
import { qrelsOf } from "./judgedCollection";
import type { JudgedCollection } from "./judgedCollection";
import { valueOf } from "./valueOf";

/** One judged collection under the product's own session, with one choice of labelled positives after another. */
export class Workbench {
  readonly judged: JudgedCollection;
  readonly session: DatasetSession;
  #advanced = (): void => undefined;

  constructor(judged: JudgedCollection, createVectors: (textOf: SlotText) => VectorSpace) {
    this.judged = judged;
    const ports = {
      author: "",
      sha256,
      stopwatch: () => performance.now() / 1000,
      logger: () => undefined,
      breathe: () => nextTurn(),
      createVectors,
      home: new InMemoryHomeFiles(),
    };
    const nothing = (): void => undefined;
    this.session = new DatasetSession(ports, {
      revised: nothing,
      statusChanged: nothing,
      previewAdvanced: (done, total) => {
        if (done === total) this.#advanced();
      },
    });
  }

  /** Makes so much of each query's positives the session's data, without any mark. */
  async enter(positives: readonly (readonly number[])[]): Promise<void> {
    const { whole, files } = this.judged;
    this.session.setMarks(foldMarks([]));
    this.session.setSuggestions(noSuggestions);
    await this.session.setData({ files, qrels: qrelsOf(this.judged, positives) });
    if (this.session.collection.queries.some(({ id }, query) => id !== whole.queries[query]?.id))
      throw new Error("The session has other queries than the collection.");
  }

  /** Puts a configuration, marks and what models said in force. Afterwards the vectors are ready. */
  async use(config: Config, marks: readonly VerdictMark[] = [], suggestions: Suggestions = noSuggestions): Promise<void> {
    this.session.setMarks(foldMarks(marks));
    this.session.setSuggestions(suggestions);
    await this.session.setConfig(config);
    valueOf(await this.session.prepare());
  }

  /** All queries under what is in force, by query. With the false-negative model also where no guard asks for it, if that is wanted. */
  async mineAll(wantsModel = false): Promise<readonly MinedQuery[]> {
    const mined: MinedQuery[] = [];
    valueOf(await this.session.mineAll((one) => void mined.push(one), neverCancelled, wantsModel));
    return mined;
  }

  /** Has the candidates of all queries kept, so that another threshold costs no search. */
  async keepCandidates(): Promise<void> {
    for (;;) {
      const found = new Promise<void>((resolve) => {
        this.#advanced = resolve;
      });
      const step = valueOf(await this.session.preview(this.session.config));
      if (step.kind === "summary") return;
      await found;
    }
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}
