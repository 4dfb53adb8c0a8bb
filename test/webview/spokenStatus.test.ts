import { expect, test } from "vitest";
import type { TrainingStatus } from "#protocol/training";
import { spokenStatus, type Spoken } from "../../webview/state/spokenStatus";

const status: TrainingStatus = {
  dataset: "file:///train.jsonl",
  phase: "training",
  run: "run-1",
  round: 1,
  rounds: 2,
  epoch: 1,
  step: 10,
  totalSteps: 100,
  done: 10,
  total: 100,
  losses: [{ step: 10, loss: 1.234 }],
  validations: [],
  seconds: 2,
};

/** What a screen reader is told of a course of words. */
function told(course: readonly TrainingStatus[]): readonly string[] {
  let last: Spoken | undefined;
  return course.flatMap((each) => {
    const next = spokenStatus(each, last);
    last = next ?? last;
    return next === undefined ? [] : [next.text];
  });
}

test("figures every few seconds of the run, a new phase or round at once, and the end", () => {
  const course: readonly TrainingStatus[] = [
    status,
    { ...status, seconds: 4 },
    { ...status, seconds: 7.9 },
    { ...status, seconds: 8, validations: [{ step: 20, round: 1, epoch: 2, ndcg: 0.4 }] },
    { ...status, seconds: 8.2, phase: "mining", round: 2 },
    { ...status, seconds: 8.4, phase: "mining", round: 2 },
    { ...status, seconds: 8.6, round: 2 },
    { ...status, seconds: 0, phase: "idle", round: 0 },
    { ...status, seconds: 0, phase: "idle", round: 0 },
  ];
  expect(told(course)).toMatchInlineSnapshot(`
    [
      "Training, round 1 of 2, loss 1.234",
      "Training, round 1 of 2, loss 1.234, nDCG at 10 0.400",
      "Mining negatives, round 2 of 2, loss 1.234",
      "Training, round 2 of 2, loss 1.234",
      "The run has ended",
    ]
  `);
});

test("a panel that opens with no run under way says nothing", () => {
  expect(told([{ ...status, phase: "idle", round: 0, rounds: 0 }])).toEqual([""]);
});
