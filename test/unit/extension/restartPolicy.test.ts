import { expect, test } from "vitest";
import { RestartPolicy } from "../../../extension/restartPolicy";

test("a server that ended is started again, but not for ever", () => {
  const policy = new RestartPolicy(() => 0);
  expect([1, 2, 3, 4, 5].map(() => policy.ended())).toEqual([true, true, true, true, false]);
});

test("ends of long ago do not count", () => {
  let now = 0;
  const policy = new RestartPolicy(() => now);
  const restarts = Array.from({ length: 20 }, () => {
    now += 60_000;
    return policy.ended();
  });
  expect(restarts).not.toContain(false);
});

test("a restart by hand forgives earlier ends", () => {
  const policy = new RestartPolicy(() => 0);
  for (let end = 0; end < 5; end += 1) policy.ended();
  policy.forgive();
  expect(policy.ended()).toBe(true);
});
