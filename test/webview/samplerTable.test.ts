import { describe, expect, test } from "vitest";
import type { DrawnLimit, MarkedPoint, SamplerControl, SamplerState } from "#protocol/sampler";
import { barsOf, dotsOf, placedLines, trimmed, type Axis } from "../../webview/parts/sampler/histogramLayout";
import { edited, shownControls, withEdit, withRemoval } from "../../webview/state/samplerEdits";
import { endsOf, inGroups, rangeInput, scaleOf, valueAt } from "../../webview/state/samplerTable";

const axis: Axis = { from: -0.4, to: 0.1, left: 0, right: 400 };

function control(path: SamplerControl["path"], value: SamplerControl["value"]): SamplerControl {
  return { path, description: "", value, nullable: true };
}

describe("sliders", () => {
  const sharpness = scaleOf(["sampler", "simans", "a"])!;
  const margin = scaleOf(["sampler", "mix", 0, "relative_margin"])!;

  test("a logarithmic one gives back the value it was put at, to two digits", () => {
    const ends = endsOf(sharpness, [1]);
    const values = [0.01, 0.05, 0.5, 1, 3, 20, 100];
    const back = values.map((value) => valueAt(sharpness, ends, rangeInput(sharpness, ends, value).position));
    back.forEach((value, at) => expect(value / values[at]!).toBeCloseTo(1, 1));
  });

  test("ends give way to values beyond them", () => {
    expect(endsOf(margin, [0.9, null, undefined])).toEqual({ low: 0, high: 0.9 });
    expect(endsOf(sharpness, [0])).toEqual({ low: 0.01, high: 100 });
  });

  test("settings stand in groups in the order of the table, unknown ones last", () => {
    const names = ["rescore.model", "range_min", "n", "simans.b", "simans.a"];
    const groups = inGroups(names.map((name) => control(["sampler", "mix", 2, ...name.split(".")], 1)));
    expect(groups.map(({ group, controls }) => `${group}: ${controls.map(({ path }) => path.at(-1)).join(" ")}`)).toEqual([
      "amount: n",
      "simans: a b",
      "window: range_min",
      "other: model",
    ]);
  });
});

describe("edits", () => {
  const global = control(["sampler", "max_score"], 0.9);
  const inheriting = { ...control(["sampler", "mix", 0, "max_score"], 0.9), inherited: true };
  const own = { ...control(["sampler", "mix", 1, "max_score"], 0.5), inherited: false };
  const state: SamplerState = { revision: 1, sources: [], isMix: true, controls: [global], sourceControls: [[inheriting], [own]] };

  test("a value that the configuration has is no edit", () => {
    const once = withEdit([], global, 0.8);
    expect(withEdit(once, global, 0.9)).toEqual([]);
    expect(withEdit(once, global, null)).toEqual([{ path: ["sampler", "max_score"], value: null }]);
  });

  test("an inherited value follows the sampler's edit, an own one does not", () => {
    const edits = withEdit([], global, 0.7);
    expect(shownControls(state, edits, 0)).toMatchObject([{ shown: 0.7, inherited: true, edited: false }]);
    expect(shownControls(state, edits, 1)).toMatchObject([{ shown: 0.5, inherited: false, edited: false }]);
    expect(shownControls(state, withEdit(edits, inheriting, 0.2), 0)).toMatchObject([{ shown: 0.2, inherited: false, edited: true }]);
  });

  test("a source's own value can be given up for the sampler's, as that stands", () => {
    expect(shownControls(state, [], 1)).toMatchObject([{ shown: 0.5, sampler: 0.9 }]);
    const edits = withRemoval(withEdit(withEdit([], global, 0.7), own, 0.4), own);
    expect(edits).toEqual([{ path: ["sampler", "max_score"], value: 0.7 }, { path: ["sampler", "mix", 1, "max_score"] }]);
    const [shown] = shownControls(state, edits, 1);
    expect(shown).toMatchObject({ shown: 0.7, inherited: true, edited: true });
    expect(shown).not.toHaveProperty("sampler");
    expect(withEdit(edits, own, 0.5)).toEqual(withEdit([], global, 0.7));
  });

  test("giving up a value is no edit any more once the source inherits", () => {
    const removals = [inheriting, own].map(({ path }) => ({ path }));
    expect(edited(removals, state)).toEqual([{ path: own.path }]);
  });

  test("edits of settings that are gone, or that say what a new state says, are dropped", () => {
    const edits = [
      { path: ["sampler", "max_score"], value: 0.9 },
      { path: ["sampler", "mix", 1, "max_score"], value: 0.4 },
      { path: ["sampler", "mix", 2, "max_score"], value: 0.4 },
    ];
    expect(edited(edits, state)).toEqual([{ path: ["sampler", "mix", 1, "max_score"], value: 0.4 }]);
  });
});

describe("histograms", () => {
  test("bars are as high as their counts, kept below dropped", () => {
    const bars = barsOf({ from: 0, to: 1, kept: [1, 0], dropped: [3, 2] }, { from: 0, to: 1, left: 0, right: 100 });
    expect(bars).toEqual([
      { x: 0, width: 49, kept: 0.25, dropped: 0.75 },
      { x: 50, width: 49, kept: 0, dropped: 0.5 },
    ]);
  });

  test("empty bins at the ends are left out, but not those of a threshold", () => {
    const histogram = { from: 0, to: 1, kept: [0, 0, 0, 2, 0, 0, 0, 0, 0, 0], dropped: [0, 0, 0, 1, 3, 0, 0, 0, 0, 0] };
    expect(trimmed(histogram, [])).toEqual({ from: 0.2, to: 0.6000000000000001, kept: [0, 2, 0, 0], dropped: [0, 1, 3, 0] });
    expect(trimmed(histogram, [0.75]).to).toBeCloseTo(0.9);
    expect(trimmed({ from: 0, to: 1, kept: [0, 0], dropped: [0, 0] }, [])).toMatchObject({ from: 0, to: 1 });
  });

  test("an empty histogram has flat bars", () => {
    expect(barsOf({ from: 0, to: 1, kept: [0], dropped: [0] }, axis)).toMatchObject([{ kept: 0, dropped: 0 }]);
  });

  test("names of thresholds that are near one another stand in rows of their own", () => {
    const limits: readonly DrawnLimit[] = [
      { parameter: "relative_margin", at: -0.04, drops: "above" },
      { parameter: "absolute_margin", at: -0.05, drops: "above" },
    ];
    const lines = placedLines([...limits.map(({ parameter, at }) => ({ name: parameter, at })), { name: "low", at: -0.39 }], axis);
    expect(lines.map(({ name, row, anchor }) => `${name} ${String(row)} ${anchor}`)).toEqual([
      "low 0 start",
      "absolute_margin 0 end",
      "relative_margin 1 end",
    ]);
  });

  test("a name with room on neither side of its line stands inside the picture", () => {
    const [line] = placedLines([{ name: "relative_margin (same_article)", at: -0.2 }], { ...axis, right: 240 });
    expect(line).toMatchObject({ anchor: "start", x: 96, labelX: 57 });
  });

  test("marks that would lie on one another are one dot of all their queries; one without a value is none", () => {
    const mark = (verdict: MarkedPoint["verdict"], difference: number | undefined, query: number): MarkedPoint =>
      difference === undefined ? { verdict, query } : { verdict, difference, query };
    const marks = [
      mark("false_negative", -0.1, 4),
      mark("false_negative", -0.0995, 9),
      mark("true_negative", -0.1, 1),
      mark("duplicate_of_positive", -0.3, 2),
      mark("cant_tell", undefined, 3),
    ];
    const dots = dotsOf(marks, ({ difference }) => difference, axis);
    expect(dots.map(({ kind, queries }) => `${kind} ${queries.join(" ")}`)).toEqual(["other 2", "true_negative 1", "false_negative 4 9"]);
  });

  test("dots of one kind never cover one another", () => {
    const marks = Array.from({ length: 200 }, (_, at): MarkedPoint => ({
      verdict: "true_negative",
      difference: -0.4 + at * 0.0025,
      query: at,
    }));
    const dots = dotsOf(marks, ({ difference }) => difference, axis);
    const gaps = dots.slice(1).map((dot, at) => dot.x - dots[at]!.x);
    expect(Math.min(...gaps)).toBeCloseTo(9, 6);
    expect(dots.flatMap(({ queries }) => queries)).toHaveLength(200);
  });
});
