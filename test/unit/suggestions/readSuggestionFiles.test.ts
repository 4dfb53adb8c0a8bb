import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSuggestion } from "#core/suggestions/parseSuggestion";
import { readSuggestionFiles } from "#core/suggestions/readSuggestionFiles";
import type { SuggestionsText } from "#core/suggestions/readSuggestionFiles";
import { suggestionLine } from "#core/suggestions/suggestionLine";
import { attribution, judgement } from "./suggestionLines";

/** Files of suggestions as crashes, editors, Git and other programs leave them: what can be read counts once, and the rest is told of. */
function read(...files: readonly (SuggestionsText | readonly string[])[]) {
  const { suggestions, problems } = readSuggestionFiles(
    files.map((file, i) => ("text" in file ? file : { file: `${"abc"[i] ?? ""}.jsonl`, text: file.map((line) => `${line}\n`).join("") })),
  );
  return {
    names: suggestions.map(({ suggestion }) => suggestion),
    problems: problems.map(({ place, severity, message }) => `${place.file}:${String(place.line)} ${severity}: ${message}`),
  };
}

const one = suggestionLine(judgement("q", { d: "relevant" }, { suggestion: "1" }));
const two = suggestionLine(attribution("q", { d: 0.5, e: 0 }, { suggestion: "2", time: "2026-01-01T00:00:02.000Z" }));
const three = suggestionLine(judgement("r", { d: "not_relevant" }, { suggestion: "3", time: "2026-01-01T00:00:03.000Z" }));

function changed(line: string, change: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...(JSON.parse(line) as Record<string, unknown>), ...change });
}

test("a line has its fields in one order, and is read back as it was, with fields of other versions", () => {
  const later = judgement("q", { d: "relevant" }, { suggestion: "1", cost: 0.25, ...{ temperature: 0 } });
  const line = suggestionLine(later);
  expect(line).toMatchInlineSnapshot(
    `"{"kind":"judgement","suggestion":"1","time":"2026-01-01T00:00:00.000Z","author":"ann","model":"small","prompt":"judge-1","stage":"flag","query":{"key":"q"},"verdicts":[{"document":{"key":"d"},"verdict":"relevant","reason":"why d"}],"input_tokens":100,"output_tokens":20,"cost":0.25,"temperature":0,"tool":"test"}"`,
  );
  expect(parseSuggestion(line)).toEqual({ suggestion: later });
});

test("lines that are no suggestions are told of by file and line, and the others count", () => {
  const lines = [
    one,
    "",
    "{",
    "[1]",
    "null",
    changed(one, { kind: "verdict" }),
    changed(one, { stage: "third" }),
    changed(one, { verdicts: "all" }),
    changed(one, { verdicts: [{ document: { key: "d" }, verdict: "maybe", reason: "" }] }),
    changed(one, { verdicts: [{ document: "d", verdict: "relevant", reason: "" }] }),
    changed(one, { query: undefined }),
    changed(one, { time: "yesterday" }),
    changed(one, { time: "2026-01-01T00:00:00" }),
    changed(one, { input_tokens: -1 }),
    changed(one, { cost: "free" }),
    changed(one, { query_finding: { finding: "odd", reason: "" } }),
    one.replace('"input_tokens":100', '"input_tokens":1e999'),
    changed(two, { method: "guess" }),
    changed(two, { passages: [{ document: { key: "d" }, weight: -0.1 }] }),
    "<<<<<<< HEAD",
    two,
  ];
  expect(read(lines)).toMatchInlineSnapshot(`
    {
      "names": [
        "1",
        "2",
      ],
      "problems": [
        "a.jsonl:3 warning: The line is not valid JSON.",
        "a.jsonl:4 warning: The line is no suggestion: kind must be "judgement" or "attribution".",
        "a.jsonl:5 warning: The line is no suggestion: kind must be "judgement" or "attribution".",
        "a.jsonl:6 warning: The line is no suggestion: kind must be "judgement" or "attribution".",
        "a.jsonl:7 warning: The line is no suggestion: stage must be "flag" or "confirm".",
        "a.jsonl:8 warning: The line is no suggestion: verdicts must be a list.",
        "a.jsonl:9 warning: The line is no suggestion: verdicts.0.verdict must be one of relevant, partly_relevant, not_relevant, duplicate_of_positive.",
        "a.jsonl:10 warning: The line is no suggestion: verdicts.0.document must be an object with a key.",
        "a.jsonl:11 warning: The line is no suggestion: query is missing.",
        "a.jsonl:12 warning: The line is no suggestion: time must be a time in ISO 8601 with its zone.",
        "a.jsonl:13 warning: The line is no suggestion: time must be a time in ISO 8601 with its zone.",
        "a.jsonl:14 warning: The line is no suggestion: input_tokens must not be negative.",
        "a.jsonl:15 warning: The line is no suggestion: cost must be a number.",
        "a.jsonl:16 warning: The line is no suggestion: query_finding.finding must be "ambiguous".",
        "a.jsonl:17 warning: The line is no suggestion: input_tokens must be finite.",
        "a.jsonl:18 warning: The line is no suggestion: method must be one of logprobs, leave_one_out, surrogate.",
        "a.jsonl:19 warning: The line is no suggestion: passages.0.weight must not be negative.",
        "a.jsonl:20 warning: The line is left over from a merge in Git that was not finished. The suggestions on both sides of it count; delete this line.",
      ],
    }
  `);
});

test("a torn end is left out, told of, and hides nothing before it", () => {
  expect(read({ file: "a.jsonl", text: `${one}\n`, torn: '{"kind":"judg' })).toMatchInlineSnapshot(`
    {
      "names": [
        "1",
      ],
      "problems": [
        "a.jsonl:2 warning: The last line is cut off and was left out: a write did not finish.",
      ],
    }
  `);
});

test("merged files: doubled and copied lines count once, and an earlier time is no fault", () => {
  const lines = [one, three, two, one];
  expect(read(lines, lines)).toMatchInlineSnapshot(`
    {
      "names": [
        "1",
        "3",
        "2",
      ],
      "problems": [
        "a.jsonl:3 information: A line has an earlier time than one above it, after a merge or with a clock that was set back: of two answers the later time counts.",
        "a.jsonl:4 information: A line repeats a suggestion that is there already, as merging leaves it: it counts once.",
        "b.jsonl:1 information: 4 lines repeat suggestions that are there already, as merging leaves them: each counts once.",
      ],
    }
  `);
});

test("of two different lines with one name the one with the earlier time counts, in whatever file it stands", () => {
  const namesake = changed(three, { suggestion: "1" });
  expect(read([namesake], [one])).toMatchInlineSnapshot(`
    {
      "names": [
        "1",
      ],
      "problems": [
        "a.jsonl:1 warning: Another line has the name "1" too: this one does not count.",
      ],
    }
  `);
  expect(
    readSuggestionFiles([
      { file: "a", text: namesake },
      { file: "b", text: one },
    ]).suggestions,
  ).toEqual(
    readSuggestionFiles([
      { file: "a", text: one },
      { file: "b", text: namesake },
    ]).suggestions,
  );
});

test("byte order marks and carriage returns of other programs do no harm", () => {
  expect(read({ file: "a.jsonl", text: `\uFEFF${one}\r\n\uFEFF${two}\r\n` })).toEqual({ names: ["1", "2"], problems: [] });
});

test("any text is read without an exception, and every line is counted or told of", () => {
  const piece = fc.oneof(
    fc.constantFrom(one, two, three, one.slice(0, 80), "{}", '{"kind":"attribution"}', '{"__proto__":1,"kind":"judgement"}'),
    fc.string(),
    fc.json(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.map((line) => line.replaceAll("\n", " ")).join("\n");
      const { suggestions, problems } = readSuggestionFiles([{ file: "a.jsonl", text }]);
      const known = new Set(pieces.filter((line) => [one, two, three].includes(line)));
      expect(suggestions).toHaveLength(known.size);
      const unread = text.split("\n").filter((line) => line.replace(/^\uFEFF/u, "").trim() !== "" && !known.has(line));
      expect(problems.filter(({ severity }) => severity === "warning")).toHaveLength(unread.length);
    }),
  );
});
