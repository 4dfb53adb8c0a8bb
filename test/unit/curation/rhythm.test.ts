import { expect, test } from "vitest";
import { nextStretch, stretchOf } from "#core/curation/rhythm";
import type { MarkLane, VerdictMark } from "#core/marks/mark";

/** Verdicts in these lanes, one after the other. */
function history(...lanes: readonly (MarkLane | undefined)[]): readonly VerdictMark[] {
  return lanes.map((lane, i) => ({
    kind: "verdict",
    mark: String(i),
    // The clock goes backwards: what counts is the order in the file.
    time: new Date(1e12 - i * 1000).toISOString(),
    author: "ann",
    verdict: "true_negative",
    query: { key: "q" },
    document: { key: String(i) },
    ...(lane === undefined ? {} : { lane }),
    blind: false,
    suggestion_shown: false,
    tool: "",
  }));
}

const rhythm = { harvest: 3, audit: 2 };

test.each([
  ["begins with the harvest", [], "harvest 1 of 3"],
  ["goes on in a lane", ["harvest", "harvest"], "harvest 3 of 3"],
  ["changes after as many cards as the lane has", ["harvest", "harvest", "harvest"], "audit 1 of 2"],
  ["and back", ["harvest", "audit", "audit"], "harvest 1 of 3"],
  ["counts second verdicts as part of the audit", ["second", "audit"], "harvest 1 of 3"],
  ["passes over what came from no lane", ["harvest", undefined, "adhoc", "conflicts"], "harvest 2 of 3"],
  ["changes at once after a long time in one lane", ["harvest", "harvest", "harvest", "harvest", "harvest"], "audit 1 of 2"],
] as const)("the rhythm %s", (_, lanes, expected) => {
  const { lane, place, of } = nextStretch(history(...lanes), rhythm);
  expect(`${lane} ${String(place)} of ${String(of)}`).toBe(expected);
});

test("a lane that has no cards in the rhythm is left out of it", () => {
  expect(nextStretch(history(), { harvest: 0, audit: 2 }).lane).toBe("audit");
  expect(nextStretch(history("audit", "audit"), { harvest: 0, audit: 2 })).toEqual({ lane: "audit", place: 1, of: 2 });
  expect(nextStretch(history("audit"), { harvest: 3, audit: 0 }).lane).toBe("harvest");
  expect(nextStretch(history("harvest", "harvest", "harvest"), { harvest: 3, audit: 0 })).toEqual({ lane: "harvest", place: 1, of: 3 });
});

test("a lane that the person chose has a place of its own", () => {
  expect(stretchOf("audit", history("harvest", "harvest"), rhythm)).toEqual({ lane: "audit", place: 1, of: 2 });
  expect(stretchOf("harvest", history("harvest", "harvest", "harvest", "harvest"), rhythm)).toEqual({ lane: "harvest", place: 2, of: 3 });
});

test("marks that were made together are one card", () => {
  const together = history("harvest", "harvest").map((mark) => ({ ...mark, group: "0" }));
  expect(nextStretch(together, rhythm)).toEqual({ lane: "harvest", place: 2, of: 3 });
});
