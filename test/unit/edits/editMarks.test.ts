import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildCollection } from "#core/collection/buildCollection";
import { textKey } from "#core/collection/textKey";
import { editMarks, MOST_ROWS } from "#core/edits/editMarks";
import { editWords, tooManyWords } from "#core/edits/editWords";
import { textDelta } from "#core/edits/textDelta";
import { listedExportQuery } from "#core/exporting/exportQuery";
import { marksAsLineEdits } from "#core/exporting/marksAsLineEdits";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { RowDocument } from "#core/jsonl/rowDocument";
import { applyEdits } from "#core/jsonl/spanEdit";
import { foldMarks } from "#core/marks/foldMarks";
import type { FoldedMarks } from "#core/marks/foldMarks";
import { PAIR_VERDICTS } from "#core/marks/mark";
import type { Verdict, VerdictMark } from "#core/marks/mark";
import { verdictsForQuery } from "#core/marks/verdictsForQuery";
import { sha256 } from "../../support/sha256";

interface Row {
  readonly query: string;
  readonly pos: readonly string[];
  readonly neg: readonly string[];
}

interface Said {
  readonly query: string;
  readonly document?: string;
  readonly verdict: Verdict;
  readonly author?: string;
  readonly origin?: "edit";
}

const nothing = foldMarks([]);

function marks(said: readonly Said[]): FoldedMarks {
  return foldMarks(
    said.map(({ query, document, verdict, author = "ann", origin }, i): VerdictMark => ({
      kind: "verdict",
      mark: `m${String(i)}`,
      time: "",
      author,
      verdict,
      query: { key: textKey(query, sha256) },
      ...(document === undefined ? {} : { document: { key: textKey(document, sha256) } }),
      ...(origin === undefined ? {} : { origin }),
      blind: false,
      suggestion_shown: false,
      tool: "",
    })),
  );
}

function lines(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row));
}

function deltaOf(before: readonly string[], after: readonly string[], former: readonly string[] = []) {
  return textDelta({ before, after: RowDocument.fromLines([...after], flagEmbedding), format: flagEmbedding, former: new Set(former) });
}

function recorded(before: readonly Row[], after: readonly Row[], said: readonly Said[] = []) {
  const found = editMarks({ rows: deltaOf(lines(before), lines(after)).rows, folded: marks(said), author: "ann", sha256 });
  const texts = new Map(before.concat(after).flatMap(({ pos, neg }) => [...pos, ...neg].map((text) => [textKey(text, sha256), text])));
  return {
    verdicts: found.verdicts.map(({ verdict, document }) => `${verdict} ${texts.get(document.key) ?? "?"}`),
    takenBack: found.takenBack.map(({ verdict }) => verdict),
    words: editWords(found),
  };
}

const row: Row = { query: "capital of France", pos: ["Paris"], neg: ["Lyon", "Nice"] };
const promoted: Row = { ...row, pos: ["Paris", "Lyon"], neg: ["Nice"] };
const cut: Row = { ...row, neg: ["Nice"] };
const on = (document: string, verdict: Verdict, more: Partial<Said> = {}): Said => ({ query: row.query, document, verdict, ...more });

describe("what marks say already is not said again", () => {
  test("by the person, or by anybody where the person said nothing", () => {
    expect(recorded([row], [promoted]).verdicts).toEqual(["false_negative Lyon"]);
    expect(recorded([row], [promoted], [on("Lyon", "false_negative")]).verdicts).toEqual([]);
    expect(recorded([row], [promoted], [on("Lyon", "false_negative", { author: "bob" })]).verdicts).toEqual([]);
    expect(recorded([row], [promoted], [on("Lyon", "true_negative")]).verdicts).toEqual(["false_negative Lyon"]);
    expect(recorded([row], [promoted], [on("Lyon", "later")]).verdicts).toEqual(["false_negative Lyon"]);
  });

  test("a deleted passage that was judged is known better than by its absence", () => {
    expect(recorded([row], [cut]).verdicts).toEqual(["cant_tell Lyon"]);
    for (const verdict of ["true_negative", "partly_relevant", "duplicate_of_positive", "cant_tell"] as const)
      expect(recorded([row], [cut], [on("Lyon", verdict)]).verdicts).toEqual([]);
    expect(recorded([row], [cut], [on("Lyon", "partly_relevant", { author: "bob" })]).verdicts).toEqual([]);
    expect(recorded([row], [cut], [on("Lyon", "true_negative", { author: "bob" })]).verdicts).toEqual(["cant_tell Lyon"]);
  });

  test("a positive that anybody calls bad", () => {
    expect(recorded([row], [{ ...row, pos: [] }]).verdicts).toEqual(["bad_positive Paris"]);
    expect(recorded([row], [{ ...row, pos: [] }], [on("Paris", "bad_positive", { author: "bob" })]).verdicts).toEqual([]);
  });
});

describe("an edit that goes back or goes on", () => {
  test("takes back what the earlier one was recognised as", () => {
    expect(recorded([promoted], [row], [on("Lyon", "false_negative", { origin: "edit" })])).toEqual({
      verdicts: [],
      takenBack: ["false_negative"],
      words: "Your edit took back the mark of an earlier edit.",
    });
    expect(recorded([cut], [row], [on("Lyon", "cant_tell", { origin: "edit" })]).takenBack).toEqual(["cant_tell"]);
    const without = { ...row, pos: [] };
    expect(recorded([without], [row], [on("Paris", "bad_positive", { origin: "edit" })]).takenBack).toEqual(["bad_positive"]);
  });

  test("is no opinion to the contrary where the row is what it was before", () => {
    const [delta] = deltaOf(lines([promoted]), lines([row]), lines([row])).rows;
    expect(delta).toMatchObject({ returned: true });
    const rows = delta === undefined ? [] : [delta];
    const ofBob = marks([on("Lyon", "false_negative", { author: "bob" })]);
    expect(editMarks({ rows, folded: ofBob, author: "ann", sha256 })).toMatchObject({ verdicts: [], takenBack: [] });
    const own = marks([on("Lyon", "false_negative", { origin: "edit" })]);
    expect(editMarks({ rows, folded: own, author: "ann", sha256 })).toMatchObject({
      verdicts: [],
      takenBack: [{ verdict: "false_negative" }],
    });
  });

  test("takes back nothing that was given as a verdict", () => {
    expect(recorded([promoted], [row], [on("Lyon", "false_negative")])).toMatchObject({ verdicts: ["true_negative Lyon"], takenBack: [] });
    expect(recorded([cut], [row], [on("Lyon", "cant_tell")])).toMatchObject({ verdicts: [], takenBack: [] });
  });

  test("is one move where a save came between cutting out and putting in", () => {
    expect(recorded([cut], [promoted], [on("Lyon", "cant_tell", { origin: "edit" })]).verdicts).toEqual(["false_negative Lyon"]);
    const moved = { ...row, pos: [], neg: ["Lyon", "Nice", "Paris"] };
    expect(recorded([{ ...row, pos: [] }], [moved], [on("Paris", "bad_positive", { origin: "edit" })]).verdicts).toEqual([
      "true_negative Paris",
    ]);
    expect(recorded([cut], [promoted]).verdicts).toEqual([]);
  });
});

test("more rows with a verdict than a person edits in one save give none", () => {
  const before = Array.from({ length: MOST_ROWS + 1 }, (_, i): Row => ({ ...row, query: `query ${String(i)}` }));
  const after = before.map((was): Row => ({ ...was, neg: ["Nice"] }));
  expect(recorded(before, after)).toEqual({
    verdicts: [],
    takenBack: [],
    words: "21 records changed in one save, as a script or a replacement does it: no marks were made of them.",
  });
  expect(recorded(before, [...after.slice(1), ...before.slice(0, 1)]).verdicts).toHaveLength(MOST_ROWS);
});

test("what was recognised is said in words", () => {
  const after: Row = { ...row, pos: ["Lyon"], neg: [] };
  expect(recorded([row], [after]).words).toMatchInlineSnapshot(
    `"Your edit was recorded as 3 marks: 1 false negative, 1 deleted negative (can't tell) and 1 bad positive."`,
  );
  expect(recorded([{ ...row, neg: ["a", "b", "c"] }], [{ ...row, neg: [] }]).words).toMatchInlineSnapshot(
    `"A list of passages was emptied or replaced as a whole, which judges none of them: no marks were made of it."`,
  );
  expect(recorded([row], [row]).words).toBeUndefined();
  expect(tooManyWords(2500)).toContain("2,500 records");
});

/** The text with the marks applied, as an export with the file's own negatives writes it. */
function withMarks(text: readonly string[], folded: FoldedMarks): readonly string[] {
  const rows = RowDocument.fromLines([...text], flagEmbedding);
  const records = [...rows.rows()].flatMap(({ line, row: { record } }) => (record === undefined ? [] : [{ line: line + 1, record }]));
  const collection = buildCollection({ files: [{ name: "train.jsonl", role: "training", rows: records }] }, sha256);
  const queryAtLine = (line: number): number | undefined => {
    const found = collection.queries.findIndex((query) => query.lines.includes(line));
    return found === -1 ? undefined : found;
  };
  const { edits, mismatch } = marksAsLineEdits(rows, {
    format: flagEmbedding,
    queryAtLine,
    linesOf: (query) => collection.queries[query]?.lines ?? [],
    exported: (index) => {
      const query = collection.queries[index];
      return query && listedExportQuery(query, verdictsForQuery(folded, collection, query, "ann"), collection);
    },
  });
  expect(mismatch).toBeUndefined();
  return text.flatMap((line, i) => {
    const own = edits.filter((edit) => edit.line === i);
    if (own.some(({ kind }) => kind === "remove")) return [];
    return applyEdits(
      line,
      own.flatMap((edit) => (edit.kind === "remove" ? [] : [edit])),
    ).split("\n");
  });
}

const cities = ["Paris", "Lyon", "Nice", "Lille", "Brest", "Metz", "Nantes", "Rouen"];
const aRow = fc
  .record({ order: fc.shuffledSubarray(cities, { minLength: 2 }), positives: fc.integer({ min: 1, max: 3 }) })
  .map(({ order, positives }) => ({ pos: order.slice(0, positives), neg: order.slice(positives) }));
const aMark = fc.record({
  row: fc.nat(3),
  document: fc.constantFrom(...cities),
  verdict: fc.constantFrom(...PAIR_VERDICTS, "bad_positive" as const, "bad_query" as const),
  author: fc.constantFrom("ann", "bob"),
});

test("marks applied to a file record nothing when it is saved, and without them the change reads as what they said", () => {
  fc.assert(
    fc.property(fc.array(aRow, { minLength: 1, maxLength: 4 }), fc.array(aMark, { maxLength: 12 }), (specs, given) => {
      const rows = specs.map((spec, i): Row => ({ query: `query ${String(i)}`, ...spec }));
      const said = given.flatMap(({ row: index, document, verdict, author }): readonly Said[] => {
        const query = rows[index % rows.length]?.query ?? "";
        return [verdict === "bad_query" ? { query, verdict, author } : { query, document, verdict, author }];
      });
      const folded = marks(said);
      const before = lines(rows);
      const after = withMarks(before, folded);
      const delta = deltaOf(before, after);
      for (const author of ["ann", "bob", "eve"]) {
        const found = editMarks({ rows: delta.rows, folded, author, sha256 });
        expect(found).toEqual({ verdicts: [], takenBack: [], madeAnew: 0, tooMany: 0 });
      }
      for (const { query, delta: change } of delta.rows) {
        for (const { verdict, passage } of [...change.judged, ...change.withheld]) {
          const opinions = said.filter((mark) => mark.query === query.text && mark.document === passage.text).map((mark) => mark.verdict);
          const isMeant = (name: Verdict): boolean =>
            verdict === "cant_tell" ? name !== "true_negative" && name !== "later" : name === verdict;
          expect(opinions.some(isMeant)).toBe(true);
        }
      }
      // Nothing is left to apply.
      expect(withMarks(after, folded)).toEqual(after);
      expect(editMarks({ rows: delta.rows, folded: nothing, author: "ann", sha256 }).takenBack).toEqual([]);
    }),
  );
});
