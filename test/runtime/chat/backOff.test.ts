import { expect, test } from "vitest";
import { backOff, retryAfter } from "../../../server/runtime/chat/backOff";

test("waits double up to half a minute, and differ from question to question by up to a half", () => {
  const waits = (name: string): readonly number[] => [1, 2, 3, 4, 5, 6, 7].map((tries) => backOff(tries, name));
  const whole = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
  for (const name of ["a", "b", "c"]) {
    for (const [i, wait] of waits(name).entries()) {
      expect(wait).toBeGreaterThanOrEqual(whole[i]! / 2);
      expect(wait).toBeLessThanOrEqual(whole[i]!);
    }
  }
  expect(waits("a")).toEqual(waits("a"));
  expect(waits("a")).not.toEqual(waits("b"));
});

const now = Date.UTC(2026, 0, 2);

test.each([
  ["7", 7000],
  [" 0 ", 0],
  ["1.5", 1500],
  ["Fri, 02 Jan 2026 00:01:00 GMT", 60_000],
  ["Thu, 01 Jan 2026 00:00:00 GMT", 0],
  ["-5", undefined],
  ["soon", undefined],
  ["99999999999999999999", undefined],
  ["2026-01-02", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After %j is %j milliseconds", (header, milliseconds) => {
  expect(retryAfter(header, now)).toBe(milliseconds);
});
