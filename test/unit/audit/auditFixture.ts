import type { AuditPair } from "#core/audit/auditPair";
import type { AuditPopulation } from "#core/audit/auditPopulation";
import { newPopulation } from "#core/audit/population";
import { foldMarks } from "#core/marks/foldMarks";
import type { FoldedMarks } from "#core/marks/foldMarks";
import type { Mark, VerdictMark } from "#core/marks/mark";
import { sha256 } from "../../support/sha256";

export const SALT = "00112233445566778899aabbccddeeff";

/** `queries` times `each` pairs; every third is of the source "bm25". */
export function pairsOf(queries: number, each: number): readonly AuditPair[] {
  return Array.from({ length: queries * each }, (_, i) => ({
    query: `q${String(Math.floor(i / each))}`,
    document: `d${String(i)}`,
    source: i % 3 === 0 ? "bm25" : "simans",
  }));
}

export function populationOf(pairs: readonly AuditPair[], salt = SALT): AuditPopulation {
  return newPopulation(
    {
      number: 2,
      salt,
      begun: "2026-01-01T00:00:00Z",
      author: "Ada",
      tool: "test",
      configHash: "c0ffee",
      model: "letters",
      dataset: "train.jsonl",
      pairs,
    },
    sha256,
  );
}

/** A verdict of a person; on the query where no document is named. */
export function verdict(name: VerdictMark["verdict"], query: string, document?: string, author = "ann"): VerdictMark {
  return {
    kind: "verdict",
    mark: `${author}-${query}-${document ?? "query"}`,
    author,
    time: "",
    verdict: name,
    query: { key: query },
    ...(document === undefined ? {} : { document: { key: document } }),
    blind: true,
    suggestion_shown: false,
    tool: "",
  };
}

export function undo(of: string, author = "ann"): Mark {
  return { kind: "undo", mark: `undo ${of}`, author, time: "", of, tool: "" };
}

export function folded(...marks: readonly Mark[]): FoldedMarks {
  return foldMarks(marks);
}
