import fc from "fast-check";
import { expect, test } from "vitest";
import { auditSample } from "#core/audit/auditSample";
import { auditVerdicts } from "#core/audit/auditVerdicts";
import { newPopulation } from "#core/audit/population";
import { AuditProgress } from "#core/curation/auditProgress";
import { foldMarks } from "#core/marks/foldMarks";
import type { RevisionMark, VerdictMark } from "#core/marks/mark";
import { sha256 } from "../../support/sha256";

const queries = ["q0", "q1", "q2", "q3"];
const documents = ["d0", "d1", "d2"];
const header = { number: 1, begun: "", author: "ann", tool: "", configHash: "", model: "", dataset: "" };

function populationOf(salt: number) {
  const pairs = queries.flatMap((query) => documents.map((document, i) => ({ query, document, source: i === 0 ? "bm25" : "top" })));
  return newPopulation({ ...header, salt: sha256(String(salt)).slice(0, 32), pairs }, sha256);
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("verdict" as const),
      author: fc.constantFrom("ann", "bob"),
      query: fc.constantFrom(...queries, "another query"),
      document: fc.constantFrom(...documents, "another text"),
      verdict: fc.constantFrom("true_negative", "true_negative", "false_negative", "cant_tell", "later"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("bad_query" as const),
      author: fc.constantFrom("ann", "bob"),
      query: fc.constantFrom(...queries),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("undo" as const, "redo" as const), author: fc.constantFrom("ann", "bob") }),
  },
);

test("after any marks, undos and redos the figures are those of the walk through the whole order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(20), (steps, salt) => {
      const population = populationOf(salt);
      const progress = new AuditProgress(population);
      const marks = foldMarks([]);
      let names = 0;
      for (const taken of steps) {
        const common = { mark: String((names += 1)), author: taken.author, time: "", tool: "" };
        const verdictCommon = { ...common, kind: "verdict", blind: true, suggestion_shown: false } as const;
        if (taken.kind === "verdict") {
          const { query, document, verdict } = taken;
          marks.add({ ...verdictCommon, verdict, query: { key: query }, document: { key: document } } satisfies VerdictMark);
        } else if (taken.kind === "bad_query") {
          marks.add({ ...verdictCommon, verdict: "bad_query", query: { key: taken.query } } satisfies VerdictMark);
        } else {
          const [last] = taken.kind === "undo" ? marks.nextUndo(taken.author) : marks.nextRedo(taken.author);
          if (last !== undefined) marks.add({ ...common, kind: taken.kind, of: last.mark } satisfies RevisionMark);
        }
        progress.update(marks);
        const { count, found, cutOff, sources } = auditSample(population, auditVerdicts(marks));
        expect(progress.total).toEqual({ count, found, cutOff });
        expect([...progress.sources]).toEqual([...sources]);
      }
      // Read from the files again, as after another person's marks came.
      progress.update(marks.snapshot());
      const again = auditSample(population, auditVerdicts(marks));
      expect(progress.total.count).toEqual(again.count);
    }),
  );
});
