import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VerdictMark } from "#core/marks/mark";
import { readMarkFiles } from "#core/marks/readMarkFiles";

/** Marks files as crashes, editors, Git and other programs leave them: what can be read counts once, and the rest is told of. */
function line(mark: string, change: Partial<Record<string, unknown>> = {}): string {
  const whole = {
    kind: "verdict",
    mark,
    time: `2026-01-01T00:00:${mark.padStart(2, "0")}Z`,
    author: "ann",
    verdict: "false_negative",
    query: { key: "q" },
    document: { key: `d${mark}` },
    blind: false,
    suggestion_shown: false,
    tool: "t",
  };
  return JSON.stringify({ ...whole, ...change });
}

function undo(of: string, change: Partial<Record<string, unknown>> = {}): string {
  return JSON.stringify({ kind: "undo", mark: `undo ${of}`, time: "2026-01-01T00:01:00Z", author: "ann", of, tool: "t", ...change });
}

function read(...files: readonly (readonly string[])[]) {
  const { folded, problems } = readMarkFiles(
    files.map((lines, i) => ({ file: `${"ab"[i] ?? "c"}.jsonl`, text: lines.map((text) => `${text}\n`).join("") })),
  );
  return {
    inForce: folded.inForce().map(({ author, document, verdict }: VerdictMark) => `${author} ${document?.key ?? ""} ${verdict}`),
    problems: problems.map(({ file, line: at, severity, message }) => `${file}:${String(at)} ${severity}: ${message}`),
  };
}

test("whether an opinion was shown is read, and where it does not say so as it should the verdict counts all the same", () => {
  const both = read([line("1", { opinion_shown: true }), line("2", { opinion_shown: "yes" })]);
  expect(both).toEqual({
    inForce: ["ann d1 false_negative", "ann d2 false_negative"],
    problems: ["a.jsonl:2 warning: The mark counts without its opinion_shown: opinion_shown must be true or false."],
  });
});

describe("merged by Git", () => {
  test("both sides of an unfinished merge count, and its markers are told of", () => {
    const merged = [line("1"), "<<<<<<< HEAD", line("2"), "||||||| 1a2b3c4", "=======", line("3"), ">>>>>>> their branch"];
    expect(read(merged)).toMatchInlineSnapshot(`
      {
        "inForce": [
          "ann d1 false_negative",
          "ann d2 false_negative",
          "ann d3 false_negative",
        ],
        "problems": [
          "a.jsonl:2 warning: The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.",
          "a.jsonl:4 warning: The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.",
          "a.jsonl:5 warning: The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.",
          "a.jsonl:7 warning: The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.",
        ],
      }
    `);
  });

  test("doubled lines count once, and an undo counts wherever its verdict stands", () => {
    expect(read([line("1"), undo("2"), line("2"), line("1"), undo("2"), line("3")])).toMatchInlineSnapshot(`
      {
        "inForce": [
          "ann d1 false_negative",
          "ann d3 false_negative",
        ],
        "problems": [
          "a.jsonl:3 information: 2 lines have an earlier time than one above them, after a merge or with a clock that was set back: the order of the lines counts.",
          "a.jsonl:4 information: 2 lines repeat marks that are there already, as merging leaves them: each mark counts once.",
        ],
      }
    `);
  });

  test("a file that was copied beside itself counts once", () => {
    const lines = [line("1"), line("2"), undo("1")];
    expect(read(lines, lines)).toMatchInlineSnapshot(`
      {
        "inForce": [
          "ann d2 false_negative",
        ],
        "problems": [
          "b.jsonl:1 information: 3 lines repeat marks that are there already, as merging leaves them: each mark counts once.",
        ],
      }
    `);
    expect(read(lines, lines).inForce).toEqual(read(lines).inForce);
  });

  test("two persons' lines in one file are theirs", () => {
    const both = read([line("1"), line("2", { author: "bob", document: { key: "d1" }, verdict: "true_negative" })]);
    expect(both).toEqual({ inForce: ["ann d1 false_negative", "bob d1 true_negative"], problems: [] });
  });
});

describe("written by something else", () => {
  test("a name that another line has already, a stranger's undo, an undo of nothing", () => {
    const lines = [line("1"), line("1", { document: { key: "other" } }), undo("1", { author: "bob", mark: "9" }), undo("8")];
    expect(read(lines)).toMatchInlineSnapshot(`
      {
        "inForce": [
          "ann d1 false_negative",
        ],
        "problems": [
          "a.jsonl:2 warning: Another line has the name "1" already: this one does not count.",
          "a.jsonl:3 warning: The undo names a mark of another person, which stands.",
          "a.jsonl:4 information: A line takes back or restores a mark that is in no file: it has no effect.",
        ],
      }
    `);
  });

  test("a verdict of a later version is left alone; a lane of one costs the lane and not the verdict", () => {
    const lines = [
      line("1", { verdict: "irrelevant" }),
      line("2", { lane: "lottery" }),
      line("3", { origin: "import", lane: "x" }),
      line("4", { mood: 1 }),
    ];
    const { folded } = readMarkFiles([{ file: "a.jsonl", text: lines.join("\n") }]);
    expect(folded.inForce().map(({ mark, lane, origin }) => [mark, lane, origin])).toEqual([
      ["2", undefined, undefined],
      ["3", undefined, undefined],
      ["4", undefined, undefined],
    ]);
    expect(read(lines).problems).toMatchInlineSnapshot(`
      [
        "a.jsonl:1 warning: The line is no mark: verdict must be one of true_negative, false_negative, partly_relevant, duplicate_of_positive, cant_tell, later, bad_positive, bad_query.",
        "a.jsonl:2 warning: The mark counts without its lane: lane must be one of harvest, audit, second, conflicts, disagreements, adhoc.",
        "a.jsonl:3 warning: The mark counts without its origin: origin must be "edit".",
      ]
    `);
  });

  test("line ends of Windows, byte order marks and empty lines are nothing", () => {
    expect(read([`\uFEFF${line("1")}\r`, "\r", `\uFEFF${line("2")}\r`, ""])).toEqual({
      inForce: ["ann d1 false_negative", "ann d2 false_negative"],
      problems: [],
    });
  });

  test("what a crash leaves is told of at its line", () => {
    expect(read(["\0\0\0\0", line("1")])).toMatchInlineSnapshot(`
      {
        "inForce": [
          "ann d1 false_negative",
        ],
        "problems": [
          "a.jsonl:1 warning: The line is not valid JSON.",
        ],
      }
    `);
    const { problems, folded } = readMarkFiles([{ file: "a.jsonl", text: `${line("1")}\n`, torn: line("2").slice(0, 40) }]);
    expect(folded.inForce()).toHaveLength(1);
    expect(problems).toEqual([
      { file: "a.jsonl", line: 2, severity: "warning", message: "The last line is cut off and was left out: a write did not finish." },
    ]);
  });
});

test("a clock that was set back changes nothing: the newer line supersedes", () => {
  const lines = [
    line("5"),
    line("3", { document: { key: "d5" }, verdict: "cant_tell" }),
    line("4", { document: { key: "d5" }, verdict: "true_negative" }),
  ];
  expect(read(lines)).toMatchInlineSnapshot(`
    {
      "inForce": [
        "ann d5 true_negative",
      ],
      "problems": [
        "a.jsonl:2 information: 2 lines have an earlier time than one above them, after a merge or with a clock that was set back: the order of the lines counts.",
      ],
    }
  `);
  expect(read([...lines, undo("4")]).inForce).toEqual(["ann d5 cant_tell"]);
});

test("marks made under different configurations hold side by side", () => {
  const lines = [
    line("1", { config_hash: "aaa", salt: "s1", lane: "audit" }),
    line("2", { config_hash: "bbb", salt: "s2", lane: "harvest" }),
  ];
  expect(read(lines)).toEqual({ inForce: ["ann d1 false_negative", "ann d2 false_negative"], problems: [] });
});

test("whatever is put between them, good lines count once each, in their order", () => {
  const junk = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom("<<<<<<< HEAD", "=======", ">>>>>>> x", "", "\r", "\0", line("1").slice(0, 50), line("7", { verdict: "?" })),
  );
  const good = ["1", "2", "3", "4", "5"].map((mark) => line(mark));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(12), junk), { maxLength: 8 }), fc.array(fc.nat(4), { maxLength: 4 }), (noise, twice) => {
      const lines: string[] = [...good, ...twice.map((i) => good[i] ?? "")];
      for (const [place, text] of noise) lines.splice(place, 0, ...text.split("\n"));
      const { folded, problems } = readMarkFiles([{ file: "a.jsonl", text: lines.map((text) => `${text}\n`).join("") }]);
      expect(new Set(folded.inForce().map(({ mark }) => mark))).toEqual(new Set(["1", "2", "3", "4", "5"]));
      expect(folded.inForce()).toHaveLength(5);
      expect(problems.every(({ line: at }) => at >= 1 && at <= lines.length)).toBe(true);
    }),
  );
});
