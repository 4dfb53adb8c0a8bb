import { expect, test } from "vitest";
import type { TrainingStatus } from "#protocol/training";
import { trainingDetail, trainingText } from "../../../extension/trainingText";

const status: TrainingStatus = {
  dataset: "file:///train.jsonl",
  phase: "training",
  run: "run-4",
  round: 3,
  rounds: 10,
  epoch: 7,
  step: 1280,
  totalSteps: 4000,
  done: 1280,
  total: 4000,
  losses: [{ step: 1280, loss: 0.7 }],
  validations: [{ step: 1200, round: 3, epoch: 6, ndcg: 0.4082 }],
  frozenNdcg: 0.381,
  seconds: 61,
};

test("the status bar counts rounds where there are several, and else the share of the phase", () => {
  expect(trainingText(status)).toBe("Training 3/10, nDCG .41");
  expect(trainingText({ ...status, round: 1, rounds: 1 })).toBe("Training 32 %, nDCG .41");
});

test("a figure that is not there is left out, and a measure of 1 is no fraction", () => {
  expect(trainingText({ ...status, validations: [] })).toBe("Training 3/10");
  expect(trainingText({ ...status, validations: [{ step: 1, round: 1, epoch: 1, ndcg: 1 }] })).toBe("Training 3/10, nDCG 1.00");
});

test.for<[TrainingStatus["phase"], string | undefined]>([
  ["idle", undefined],
  ["embedding", "Training: waiting for vectors 50 %"],
  ["mining", "Training: mining 50 %"],
  ["evaluating", "Training: comparing 50 %"],
  ["saving", "Training: saving 50 %"],
  ["stopping", "Training: stopping 50 %"],
])("%s", ([phase, text]) => {
  expect(trainingText({ ...status, phase, validations: [], done: 1, total: 2 })).toBe(text);
});

test("the tooltip says where the run is, without what does not apply", () => {
  expect(trainingDetail(status)).toBe("Run run-4, round 3 of 10, epoch 7, step 1,280 of 4,000, nDCG@10 of the encoder as it is 0.381");
  expect(trainingDetail({ ...status, rounds: 1, epoch: 0, totalSteps: 0 })).toBe("Run run-4, nDCG@10 of the encoder as it is 0.381");
});
