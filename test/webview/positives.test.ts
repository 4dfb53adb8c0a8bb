import { expect, test } from "vitest";
import type { LaneCard } from "#protocol/curation";
import type { PositiveView, QueryView } from "#protocol/review";
import { beginning } from "../../webview/format";
import { keyedPositives, positiveToMark, shownPositives } from "../../webview/state/positives";

/** A positive by its name: "p1?" is called wrong, "p1!" is marked as bad, "p1?!" is both. */
function positive(name: string): PositiveView {
  const key = name.replace(/[?!]/gu, "");
  return {
    id: key,
    key,
    text: key,
    place: { file: "train.jsonl", line: 1 },
    promoted: false,
    ...(name.includes("?") ? { calledWrong: "It is about something else." } : {}),
    ...(name.includes("!") ? { verdict: "bad_positive" } : {}),
  };
}

const positives = (names: string): readonly PositiveView[] => names.split(" ").filter(Boolean).map(positive);
const view = (names: string): QueryView => ({ positives: positives(names) }) as unknown as QueryView;
const keys = (found: readonly PositiveView[]): string => found.map(({ key }) => key).join(" ");

test.for<[string, string, string]>([
  ["there is none", "", ""],
  ["none is called wrong", "p0 p1 p2", "p0"],
  ["none is called wrong and one is marked, which comes last", "p1 p2 p0!", "p1"],
  ["a later one is called wrong", "p0 p1?", "p1 p0"],
  ["several are called wrong", "p0? p1 p2?", "p0 p2"],
  ["one called wrong is marked, and another is not", "p0 p2? p1?!", "p2 p0"],
  ["all called wrong are marked", "p0 p1?! p2?!", "p0"],
])("where %s", ([, names, keyed]) => {
  expect(keys(keyedPositives(positives(names), false))).toBe(keyed);
});

test("who judges blind has the first alone", () => {
  expect(keys(keyedPositives(positives("p0 p1? p2?"), true))).toBe("p0");
});

test.for<[string, string, string, string | undefined]>([
  ["as it was", "p1? p0", "p0 p1?", "p1"],
  ["the first of them was marked by a key before it", "p1? p0", "p0 p1?!", "p0"],
  ["all of them were", "p1? p0", "p1?! p0!", "p0"],
  ["the first of them is gone", "p1? p0", "p0", "p0"],
  ["all of them are gone", "p1?", "p0", undefined],
])("a key whose turn comes when the list is %s", ([, meant, now, key]) => {
  expect(positiveToMark(positives(meant), view(now))?.key).toBe(key);
});

test("a pair that is judged blind is not among the positives", () => {
  const card = { document: "p1", blind: true } as unknown as LaneCard;
  expect(keys(shownPositives(view("p0 p1"), card))).toBe("p0");
  expect(keys(shownPositives(view("p0 p1"), { ...card, blind: false }))).toBe("p0 p1");
  expect(keys(shownPositives(view("p0 p1"), undefined))).toBe("p0 p1");
});

test.for<[string, string, string]>([
  ["a short text", "Snapshots are kept.", "\u2068Snapshots are kept.\u2069"],
  ["lines", " One\n\ttwo ", "\u2068One two\u2069"],
  ["marks of direction", "a\u202eb\u2069c", "\u2068abc\u2069"],
  ["a long text, between letters", "🙂".repeat(61), `\u2068${"🙂".repeat(60)}…\u2069`],
])("the beginning of %s", ([, text, expected]) => {
  expect(beginning(text)).toBe(expected);
});
