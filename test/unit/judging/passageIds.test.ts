import { expect, test } from "vitest";
import { absentIds, passageIds } from "#core/judging/passageIds";
import { seededRandom } from "#core/util/random";

test("ids are different, and say nothing but which texts and seed they were made for", () => {
  const ids = passageIds(200, ["one", "two"], 42);
  expect(new Set(ids).size).toBe(200);
  expect(ids.every((id) => /^[b-df-hj-np-tv-z2-9]{6}$/u.test(id))).toBe(true);
  expect(passageIds(200, ["one", "two"], 42)).toEqual(ids);
  const others = [...passageIds(200, ["one", "two"], 43), ...passageIds(200, ["one", "three"], 42)];
  expect(others.filter((id) => ids.includes(id))).toEqual([]);
});

test("ids that the texts hold, in whatever letters, are passed over", () => {
  const [first = "", second = "", third = ""] = absentIds(3, "", seededRandom("ids"));
  expect(absentIds(1, `Mark ${first} and ${second.toUpperCase()}.`, seededRandom("ids"))).toEqual([third]);
});
