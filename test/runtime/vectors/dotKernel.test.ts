import { expect, test } from "vitest";
import { seededRandom } from "#core/util/random";
import { DotKernel } from "../../../server/runtime/vectors/dotKernel";
import { dot, normalise } from "../../../server/runtime/vectors/similarity";
import { VectorTable } from "../../../server/runtime/vectors/vectorTable";

test.each([1, 2, 3, 4, 5, 7, 33, 100, 384, 1023])("the kernel gives the very bits that dot gives, %i components", (dimensions) => {
  const random = seededRandom("kernel");
  const table = new VectorTable(dimensions);
  for (let slot = 0; slot < 700; slot++) {
    const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
    normalise(vector);
    table.set(slot, vector);
  }
  const kernel = new DotKernel(dimensions);
  // Growing, and fewer rows after more.
  for (const count of [0, 1, 6, 699, 5]) {
    const slots = Int32Array.from({ length: count }, () => Math.floor(random() * 700));
    kernel.load(table, slots);
    for (const other of [3, 699]) {
      const vector = table.vector(other);
      const expected = Float32Array.from(slots, (slot) => dot(vector, 0, table.vector(slot), 0, dimensions));
      expect(kernel.scores(vector, count)).toEqual(expected);
    }
  }
});
