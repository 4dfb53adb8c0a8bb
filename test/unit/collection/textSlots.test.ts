import fc from "fast-check";
import { expect, test } from "vitest";
import { TextSlots } from "#core/collection/textSlots";

test("texts keep their slots, and a freed slot is used again by the assignment after", () => {
  const slots = new TextSlots();
  expect(slots.assign(["a", "b", "a", "c"])).toEqual({ added: [0, 1, 2], removed: [] });
  expect(slots.assign(["c", "x", "a"])).toEqual({ added: [3], removed: [1] });
  expect(slots.assign(["y", "c", "x", "a"])).toEqual({ added: [1], removed: [] });
  expect([slots.slotOf("y"), slots.textOf(3), slots.size, slots.slots()]).toEqual([1, "x", 4, [0, 1, 2, 3]]);
});

test("asking for what is not there is a bug", () => {
  const slots = new TextSlots();
  expect(() => slots.textOf(0)).toThrow(RangeError);
  expect(() => slots.slotOf("a")).toThrow(RangeError);
});

test("after any assignments, what was added and removed leads from one state to the next", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"));
  fc.assert(
    fc.property(fc.array(texts), (assignments) => {
      const slots = new TextSlots();
      const mirror = new Map<number, string>();
      for (const wanted of assignments) {
        const { added, removed } = slots.assign(wanted);
        removed.forEach((slot) => expect(mirror.delete(slot)).toBe(true));
        for (const slot of added) {
          expect(mirror.has(slot)).toBe(false);
          mirror.set(slot, slots.textOf(slot));
        }
        expect(new Set(mirror.values())).toEqual(new Set(wanted));
        expect(mirror.size).toBe(new Set(wanted).size);
        expect(added.filter((slot) => removed.includes(slot))).toEqual([]);
      }
    }),
  );
});
