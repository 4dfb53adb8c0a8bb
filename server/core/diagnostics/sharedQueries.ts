import { normaliseText } from "../collection/textKey";
import type { TrainingRecord } from "../formats/format";
import { PositiveIndex } from "./positiveIndex";

/** Lines that ask for the same query. */
export class SharedQueries {
  readonly #linesOfQuery = new Map<string, number[]>();

  add(line: number, record: TrainingRecord | undefined): void {
    if (record?.query === undefined) return;
    const key = normaliseText(record.query.text);
    const lines = this.#linesOfQuery.get(key);
    if (lines === undefined) this.#linesOfQuery.set(key, [line]);
    else lines.push(line);
  }

  /** Each line with negatives whose query stands on other lines too, with the positives of all these lines. */
  *lines(
    recordOf: (line: number) => TrainingRecord | undefined,
  ): Generator<{ readonly line: number; readonly elsewhere: PositiveIndex }, void> {
    for (const lines of this.#linesOfQuery.values()) {
      if (lines.length < 2) continue;
      const elsewhere = new PositiveIndex();
      for (const line of lines) {
        for (const positive of recordOf(line)?.positives ?? []) elsewhere.add(line, positive);
      }
      for (const line of lines) {
        if ((recordOf(line)?.negatives.length ?? 0) > 0) yield { line, elsewhere };
      }
    }
  }
}
