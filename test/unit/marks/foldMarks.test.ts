import fc from "fast-check";
import { expect, test } from "vitest";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, RevisionMark, VerdictMark } from "#core/marks/mark";

function verdict(mark: string, document: string | undefined, name: VerdictMark["verdict"], author = "ann"): VerdictMark {
  const common = { kind: "verdict", mark, author, time: "", verdict: name, blind: false, suggestion_shown: false, tool: "" } as const;
  return document === undefined ? { ...common, query: { key: "q" } } : { ...common, query: { key: "q" }, document: { key: document } };
}

function inGroup(mark: VerdictMark, group: string): VerdictMark {
  return { ...mark, group };
}

function names(marks: readonly VerdictMark[]): readonly string[] {
  return marks.map(({ mark }) => mark);
}

function revision(kind: RevisionMark["kind"], of: string, author = "ann"): RevisionMark {
  return { kind, mark: `${kind} ${of} ${author} ${String((revisions += 1))}`, author, time: "", of, tool: "" };
}
let revisions = 0;

function state(marks: readonly Mark[]): readonly string[] {
  return foldMarks(marks)
    .ofQuery("q")
    .map(({ author, document, verdict: name }) => `${author} ${document?.key ?? "query"} ${name}`)
    .sort();
}

test("a newer verdict of the same person on the same passage supersedes; undo restores the former, redo the newer", () => {
  const marks: Mark[] = [verdict("1", "d", "cant_tell"), verdict("2", "d", "false_negative"), verdict("3", "e", "later")];
  expect(state(marks)).toEqual(["ann d false_negative", "ann e later"]);
  marks.push(revision("undo", "3"), revision("undo", "2"));
  expect(state(marks)).toEqual(["ann d cant_tell"]);
  marks.push(revision("redo", "2"));
  expect(state(marks)).toEqual(["ann d false_negative"]);
  expect(
    foldMarks(marks)
      .nextRedo("ann")
      .map(({ mark }) => mark),
  ).toEqual(["3"]);
  expect(
    foldMarks(marks)
      .nextUndo("ann")
      .map(({ mark }) => mark),
  ).toEqual(["2"]);
});

test("a new verdict ends what could be redone", () => {
  const marks = [verdict("1", "d", "later"), revision("undo", "1"), verdict("2", "e", "later")];
  expect(foldMarks(marks).nextRedo("ann")).toEqual([]);
  expect(state(marks)).toEqual(["ann e later"]);
});

test("each person has a verdict and an undo of their own", () => {
  const marks = [
    verdict("1", "d", "true_negative"),
    verdict("2", "d", "false_negative", "bob"),
    verdict("3", undefined, "bad_query", "bob"),
  ];
  expect(state(marks)).toEqual(["ann d true_negative", "bob d false_negative", "bob query bad_query"]);
  expect(
    foldMarks(marks)
      .nextUndo("ann")
      .map(({ mark }) => mark),
  ).toEqual(["1"]);
  const meddling = foldMarks([...marks, revision("undo", "2", "ann")]);
  expect(meddling.ofQuery("q")).toHaveLength(3);
  expect(meddling.ignored.map(({ why }) => why)).toEqual(["the mark it names is another person's"]);
});

test("merged files: a line that is there twice counts once, and an undo may stand before its verdict", () => {
  const first = verdict("1", "d", "later");
  const undo = revision("undo", "1");
  const folded = foldMarks([undo, first, first, verdict("2", "e", "later")]);
  expect(folded.ofQuery("q").map(({ mark }) => mark)).toEqual(["2"]);
  expect(folded.ignored.map(({ mark, why }) => [mark.mark, why])).toEqual([["1", "this mark is there twice"]]);
});

test("undo and redo move through any history as an editor does", () => {
  const step = fc.oneof(
    fc.record({
      document: fc.constantFrom("d", "e"),
      name: fc.constantFrom("later" as const, "cant_tell" as const, "true_negative" as const),
    }),
    fc.constantFrom("undo" as const, "redo" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const marks: Mark[] = [];
      /** All states so far, and where undo and redo have led. */
      let states: (readonly string[])[] = [[]];
      let now = 0;
      for (const [index, action] of steps.entries()) {
        if (typeof action !== "string") {
          marks.push(verdict(String(index), action.document, action.name));
          states = [...states.slice(0, now + 1), state(marks)];
          now += 1;
        } else {
          const folded = foldMarks(marks);
          const [target] = action === "undo" ? folded.nextUndo("ann") : folded.nextRedo("ann");
          const expected = action === "undo" ? now > 0 : now < states.length - 1;
          expect(target !== undefined).toBe(expected);
          if (target !== undefined) {
            marks.push(revision(action, target.mark));
            now += action === "undo" ? -1 : 1;
          }
        }
        expect(state(marks)).toEqual(states[now]);
      }
    }),
  );
});

test("a group is taken back as a whole, the last first, and restored in the order in which it was made", () => {
  const marks: Mark[] = [
    verdict("1", "c", "later"),
    inGroup(verdict("2", "d", "false_negative"), "2"),
    inGroup(verdict("3", "e", "false_negative"), "2"),
  ];
  expect(names(foldMarks(marks).nextUndo("ann"))).toEqual(["3", "2"]);
  marks.push(revision("undo", "3"), revision("undo", "2"));
  expect(state(marks)).toEqual(["ann c later"]);
  expect(names(foldMarks(marks).nextUndo("ann"))).toEqual(["1"]);
  expect(names(foldMarks(marks).nextRedo("ann"))).toEqual(["2", "3"]);
});

test("a group whose undo was cut off is finished by the next undo, and restored as far as it was taken back by a redo", () => {
  const marks = [
    inGroup(verdict("1", "d", "false_negative"), "1"),
    inGroup(verdict("2", "e", "false_negative"), "1"),
    revision("undo", "2"),
  ];
  expect(names(foldMarks(marks).nextUndo("ann"))).toEqual(["1"]);
  expect(names(foldMarks(marks).nextRedo("ann"))).toEqual(["2"]);
});

test("a mark of another person that names the same group stays when the group is taken back", () => {
  const marks = [
    inGroup(verdict("1", "d", "false_negative"), "1"),
    inGroup(verdict("2", "e", "true_negative", "bob"), "1"),
    inGroup(verdict("3", "e", "false_negative"), "1"),
  ];
  expect(names(foldMarks(marks).nextUndo("ann"))).toEqual(["3", "1"]);
  expect(names(foldMarks(marks).nextUndo("bob"))).toEqual(["2"]);
});

test("marks that a merge put between those of a group are not taken back with it", () => {
  const marks = [
    inGroup(verdict("1", "d", "false_negative"), "1"),
    verdict("2", "f", "later"),
    inGroup(verdict("3", "e", "false_negative"), "1"),
  ];
  expect(names(foldMarks(marks).nextUndo("ann"))).toEqual(["3", "1"]);
});
