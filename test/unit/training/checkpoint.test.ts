import { expect, test } from "vitest";
import { encodeSafetensors } from "#core/adapter/safetensors";
import { decodeCheckpoint, encodeCheckpoint } from "#core/training/checkpoint";
import { plainKernel } from "#core/training/plainKernel";
import { trainBatches } from "#core/training/trainBatches";
import { initialState } from "#core/training/trainerState";
import type { AdapterShape, TrainerState } from "#core/training/trainer";
import { settingsWith, smallSet } from "../../support/trainingFixture";

const SHAPES: readonly AdapterShape[] = [
  { sides: "query", dimensions: 5, rank: null },
  { sides: "both", dimensions: 5, rank: 2 },
];

function trained(shape: AdapterShape): TrainerState {
  const work = { batches: [[0, 1, 2, 3]], epoch: 0, totalSteps: 10, settings: settingsWith() };
  const steps = trainBatches(initialState(shape, 1), work, smallSet(), plainKernel);
  steps.next();
  const last = steps.next();
  if (last.done !== true || !last.value.ok) throw new Error("the step failed");
  return last.value.value.state;
}

test.each(SHAPES)("a state comes back as it was: %o", (shape) => {
  const state = trained(shape);
  expect(decodeCheckpoint(encodeCheckpoint(state))).toEqual({ ok: true, value: state });
});

function checkpointOf(lists: Readonly<Record<string, readonly number[]>>): Uint8Array {
  return encodeSafetensors(
    new Map(Object.entries(lists).map(([name, values]) => [name, { shape: [values.length], data: Float32Array.from(values) }])),
  );
}

test("what is no checkpoint is said to be none", () => {
  const whole = encodeCheckpoint(initialState({ sides: "query", dimensions: 5, rank: null }, 1));
  const four = [1, 0, 0, 1];
  const files = {
    "cut off": whole.subarray(0, whole.length - 4),
    "no header": checkpointOf({ parameters: four }),
    "a later version": checkpointOf({ header: [2, 0, 2, 0, 0] }),
    "no such sides": checkpointOf({ header: [1, 2, 2, 0, 0] }),
    "half a step": checkpointOf({ header: [1, 0, 2, 0, 0.5] }),
    "a moment too few": checkpointOf({ header: [1, 0, 2, 0, 3], parameters: four, firstMoment: four }),
    "too many parameters": checkpointOf({ header: [1, 0, 1, 0, 3], parameters: four, firstMoment: four, secondMoment: four }),
  };
  const said = Object.entries(files).map(([name, bytes]) => {
    const state = decodeCheckpoint(bytes);
    return `${name}: ${state.ok ? "read" : state.failure.message}`;
  });
  expect(said).toMatchInlineSnapshot(`
    [
      "cut off: Its tensors take 320 bytes, but 316 follow the header: the file is cut off or has more at its end.",
      "no header: This is no checkpoint of a training that can be gone on from. It has no header.",
      "a later version: This is no checkpoint of a training that can be gone on from. It has version 2, where 1 is known.",
      "no such sides: This is no checkpoint of a training that can be gone on from. Its header makes no sense.",
      "half a step: This is no checkpoint of a training that can be gone on from. Its header makes no sense.",
      "a moment too few: This is no checkpoint of a training that can be gone on from. It should have 4 parameters with two moments each.",
      "too many parameters: This is no checkpoint of a training that can be gone on from. It should have 1 parameters with two moments each.",
    ]
  `);
});
