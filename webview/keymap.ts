import type { PanelCommand } from "#protocol/host";
import { actionLabels } from "./strings";

/** What a key, a button or a command of the palette can ask of the panel. */
export type Action =
  | PanelCommand
  | "next_card"
  | "previous_card"
  | "go_to_source"
  | "toggle_dropped"
  | "toggle_overlap"
  | "toggle_blind"
  | "show_text"
  | "toggle_sampler"
  | "toggle_gradients"
  | "toggle_training"
  | "toggle_curation"
  | "toggle_opinions"
  | "leave_pairs"
  | "mark_alike"
  | "next_new"
  | "key_sheet";

export type KeyGroup = "verdict" | "query" | "move" | "show";

export interface KeyBinding {
  readonly action: Action;
  /** As `keyOf` names them; the first one is printed on buttons. `Mod` is Ctrl, or Cmd on a Mac. */
  readonly keys: readonly string[];
  readonly group: KeyGroup;
  readonly label: string;
  /** Whether holding the key down repeats the action. Never for verdicts: a resting finger must not judge a list. */
  readonly repeats?: true;
}

/** The one table of keys: buttons print it, the key sheet and the README list it, the panel obeys it. */
export const KEYMAP: readonly KeyBinding[] = [
  bind("true_negative", ["A", "1"], "verdict"),
  bind("false_negative", ["X", "2"], "verdict"),
  bind("partly_relevant", ["P", "3"], "verdict"),
  bind("duplicate_of_positive", ["D", "4"], "verdict"),
  bind("cant_tell", ["U", "5"], "verdict"),
  bind("later", ["Space"], "verdict"),
  bind("undo", ["Backspace", "Mod+Z"], "verdict"),
  bind("redo", ["Mod+Shift+Z", "Mod+Y"], "verdict"),
  bind("mark_alike", ["Y"], "verdict"),
  bind("bad_query", ["Q"], "query"),
  bind("bad_positive", ["B"], "query"),
  { ...bind("next_card", ["J", "ArrowDown"], "move"), repeats: true },
  { ...bind("previous_card", ["K", "ArrowUp"], "move"), repeats: true },
  bind("next_query", ["Enter"], "move"),
  bind("previous_query", ["Shift+Enter"], "move"),
  bind("next_new", ["N"], "move"),
  bind("judge_pairs", ["M"], "move"),
  bind("leave_pairs", ["Shift+M"], "move"),
  bind("go_to_source", ["G"], "move"),
  bind("toggle_dropped", ["T"], "show"),
  bind("toggle_overlap", ["O"], "show"),
  bind("toggle_blind", ["H"], "show"),
  bind("show_text", ["E"], "show"),
  bind("toggle_sampler", ["S"], "show"),
  bind("toggle_gradients", ["V"], "show"),
  bind("toggle_training", ["L"], "show"),
  bind("toggle_curation", ["C"], "show"),
  bind("toggle_opinions", ["I"], "show"),
  bind("key_sheet", ["?"], "show"),
];

export function bindingOf(action: Action): KeyBinding {
  const binding = KEYMAP.find((entry) => entry.action === action);
  if (binding === undefined) throw new Error(`No key is bound to ${action}.`);
  return binding;
}

/** The part of a KeyboardEvent that names a key. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * The action of a key press, or undefined. Keys that write a character act only where `singleKeys` is true (WCAG 2.1.4). A letter is
 * known by what the key writes, and where that is not Latin by its place on the keyboard, so that the keys work in a Cyrillic layout too.
 */
export function actionOf(press: KeyPress, singleKeys: boolean): KeyBinding | undefined {
  const key = keyOf(press);
  const written = key.replace(/^Shift\+(?=.)/u, "");
  if (!singleKeys && (written.length === 1 || written === "Space")) return undefined;
  return KEYMAP.find((binding) => binding.keys.includes(key));
}

function keyOf(press: KeyPress): string {
  if (press.altKey) return "";
  const base = baseOf(press);
  if (press.ctrlKey || press.metaKey) return `Mod+${press.shiftKey ? "Shift+" : ""}${base}`;
  return press.shiftKey && base !== "?" ? `Shift+${base}` : base;
}

function baseOf({ key, code }: KeyPress): string {
  if (key === " ") return "Space";
  if (key.length > 1) return key;
  if (key.charCodeAt(0) > 127 && code.startsWith("Key")) return code.slice(3);
  return key.toUpperCase();
}

function bind(action: Action, keys: readonly string[], group: KeyGroup): KeyBinding {
  return { action, keys, group, label: actionLabels[action] };
}

const isMac = typeof navigator !== "undefined" && navigator.userAgent.includes("Mac");
const printedKeys: Readonly<Record<string, string>> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  Enter: "Enter",
  Backspace: "⌫",
  Mod: isMac ? "⌘" : "Ctrl",
};

/** A key as printed on a button: "⌫", "Ctrl+Z". */
export function printedKey(key: string): string {
  return key
    .split("+")
    .map((part) => printedKeys[part] ?? part)
    .join("+");
}
