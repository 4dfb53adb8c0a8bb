import { setImmediate as nextTurn } from "node:timers/promises";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { foldMarks } from "#core/marks/foldMarks";
import type { VerdictMark } from "#core/marks/mark";
import type { MinedQuery } from "#core/mining/miningState";
import type { SlotText, VectorSpace } from "#core/ports";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { sha256 } from "../../server/runtime/hash";
import { qrelsOf } from "../judged/judgedCollection";
import type { JudgedCollection } from "../judged/judgedCollection";
import { valueOf } from "../judged/valueOf";
import { InMemoryHomeFiles } from "../support/inMemoryHomeFiles";
import type { CurationSplit } from "./curationSplit";

/** One collection under the product's own session, in one split after another. */
export class Workbench {
  readonly judged: JudgedCollection;
  readonly session: DatasetSession;

  constructor(judged: JudgedCollection, createVectors: (textOf: SlotText) => VectorSpace) {
    this.judged = judged;
    this.session = new DatasetSession({
      author: "",
      sha256,
      stopwatch: () => performance.now() / 1000,
      logger: () => undefined,
      breathe: () => nextTurn(),
      createVectors,
      home: new InMemoryHomeFiles(),
    });
  }

  /** Makes the labelled positives of a split the session's data, without any mark. */
  async enter({ marked, heldOut }: CurationSplit): Promise<void> {
    const { whole, files } = this.judged;
    const labelled = new Map([...marked, ...heldOut].map((one) => [one.query, one.labelled]));
    const positives = whole.queries.map((_, query) => labelled.get(query) ?? []);
    this.session.setMarks(foldMarks([]));
    await this.session.setData({ files, qrels: qrelsOf(this.judged, positives) });
    if (this.session.collection.queries.some(({ id }, query) => id !== whole.queries[query]?.id))
      throw new Error("The split has other queries than the collection.");
    valueOf(await this.session.prepare());
  }

  /** Puts a sampler and marks in force. */
  async use(sampler: SamplerConfig, marks: readonly VerdictMark[]): Promise<void> {
    await this.session.setConfig({ ...defaultConfig, sampler });
    this.session.setMarks(foldMarks(marks));
  }

  /** Mines every query with what is in force. */
  async mine(): Promise<readonly MinedQuery[]> {
    const mined: MinedQuery[] = [];
    valueOf(await this.session.mineAll((one) => void mined.push(one), neverCancelled));
    return mined;
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}
