import { expect, test } from "vitest";
import { actionOf, KEYMAP, type KeyPress } from "../../webview/keymap";

function press(key: string, rest: Partial<KeyPress> = {}): KeyPress {
  return { key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...rest };
}

test("no key has two actions", () => {
  const keys = KEYMAP.flatMap((binding) => binding.keys);
  expect(keys).toEqual([...new Set(keys)]);
});

test("every action has a label", () => {
  expect(KEYMAP.filter((binding) => binding.label === "")).toEqual([]);
});

test.for<[string, KeyPress, string | undefined]>([
  ["a letter", press("a"), "true_negative"],
  ["a letter with caps lock on", press("A"), "true_negative"],
  ["a letter with Shift", press("A", { shiftKey: true }), undefined],
  ["a letter with Alt", press("a", { altKey: true }), undefined],
  ["the key of A in a Cyrillic layout", press("ф", { code: "KeyA" }), "true_negative"],
  ["Ctrl+Z", press("z", { ctrlKey: true }), "undo"],
  ["Cmd+Shift+Z", press("z", { metaKey: true, shiftKey: true }), "redo"],
  ["Ctrl+A, which selects text", press("a", { ctrlKey: true }), undefined],
  ["Shift+Enter", press("Enter", { shiftKey: true }), "previous_query"],
  ["? which needs Shift in most layouts", press("?", { shiftKey: true }), "key_sheet"],
  ["Space", press(" "), "later"],
])("%s", ([, key, action]) => {
  expect(actionOf(key, true)?.action).toBe(action);
});

test("where single keys are off, keys that write a character do nothing", () => {
  const acting = ["a", "1", " ", "?", "Enter", "ArrowDown", "Backspace"].filter((key) => actionOf(press(key), false) !== undefined);
  expect(acting).toEqual(["Enter", "ArrowDown", "Backspace"]);
  expect(actionOf(press("M", { shiftKey: true }), true)?.action).toBe("leave_pairs");
  expect(actionOf(press("M", { shiftKey: true }), false)).toBeUndefined();
  expect(actionOf(press("Enter", { shiftKey: true }), false)?.action).toBe("previous_query");
});
