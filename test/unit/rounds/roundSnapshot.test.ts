import { expect, test } from "vitest";
import { parseSnapshot, snapshotText } from "#core/rounds/roundSnapshot";
import { firstRound, roundOf } from "./roundScenes";

const first = roundOf(1, firstRound).snapshot;
const second = roundOf(2, [...firstRound.slice(0, 1), { query: 1, hits: [["c", 0.25, Number.NaN]] }], first).snapshot;

test("what is written is read again, and the same snapshot gives the same bytes", () => {
  for (const snapshot of [first, second, { round: 3, queries: [] }]) {
    expect(parseSnapshot(snapshotText(snapshot))).toEqual({ ok: true, value: snapshot });
  }
  expect(snapshotText(roundOf(1, firstRound).snapshot)).toBe(snapshotText(first));
});

test("one query is a line", () => {
  expect(snapshotText(second).split("\n").slice(0, 3)).toMatchInlineSnapshot(`
    [
      "{"round":2,"queries":2}",
      "{"query":"a7937b64b8caa58f03721bb6bacf5c78","id":"q1","emitted":[{"key":"ca978112ca1bbdcafac231b39a23dc4d","rank":2,"score":0.8,"source":"top"},{"key":"3e23e8160039594a33894f6564e1b134","rank":3,"score":0.7,"source":"top"}],"gone":[],"others":[{"key":"2e7d2c03a9507ae265ecf5b5356885a5","rank":4,"score":0.6,"rule":"not_sampled"},{"key":"18ac3e7343f016890c510e93f9352611","rank":5,"score":0.5,"rule":"range_max"}]}",
      "{"query":"16367aacb67a4a017c8da8ab95682ccb","id":"q2","emitted":[{"key":"2e7d2c03a9507ae265ecf5b5356885a5","rank":1,"score":0.25,"source":"top"}],"gone":[{"key":"ca978112ca1bbdcafac231b39a23dc4d","rule":"not_found","reason":"not among the 1 nearest any more"},{"key":"3e23e8160039594a33894f6564e1b134","rule":"not_found","reason":"not among the 1 nearest any more"}],"others":[]}",
    ]
  `);
});

test.each([
  ["nothing", "", "Line 1 of the round's snapshot cannot be read. The line is missing."],
  [
    "no snapshot",
    '{"round": 1}\n',
    'Line 1 of the round\'s snapshot cannot be read. "queries" Invalid key: Expected "queries" but received undefined.',
  ],
  ["a line that was cut off", snapshotText(first).slice(0, -20), "Line 3 of the round's snapshot cannot be read. The line is not JSON."],
  [
    "a line that is missing",
    `${snapshotText(first).split("\n").slice(0, 2).join("\n")}\n`,
    "Line 3 of the round's snapshot cannot be read. The line is missing.",
  ],
  [
    "a value of the wrong kind",
    snapshotText(first).replace('"rank":2', '"rank":"2"'),
    'Line 2 of the round\'s snapshot cannot be read. "emitted.0.rank" must be a number.',
  ],
])("%s is refused with the line at fault", (_, text, message) => {
  const read = parseSnapshot(text);
  expect(read.ok ? undefined : read.failure.message).toBe(message);
});
