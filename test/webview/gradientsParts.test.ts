import { describe, expect, test } from "vitest";
import { placeTargets, targetAt, targetBeside } from "../../webview/parts/gradients/placedTargets";
import { plainColour } from "../../webview/parts/gradients/standaloneSvg";
import { sliderPosition, SLIDER_STEPS, temperatureAt } from "../../webview/parts/gradients/temperatureScale";

describe("targets of a plot", () => {
  const dot = (key: string, x: number, y: number) => ({ x, y, text: key, query: 0, key });
  const field = { ...dot("field", 55, 50), extent: { x1: 50, x2: 60, y1: 40, y2: 60 } };
  // Upwards is more on the axis and less in pixels.
  const placed = placeTargets([dot("a", 10, 50), dot("b", 20, 52), dot("c", 12, 90), dot("d", 58, 58), field], Number, (y) => 100 - y);
  const keyOf = (found: (typeof placed)[number] | undefined): string | undefined => found?.target.key;

  test("the pointer means the nearest dot in reach, else the field that it stands in, else nothing", () => {
    expect(keyOf(targetAt(placed, 14, 49))).toBe("a");
    expect(keyOf(targetAt(placed, 16, 48))).toBe("b");
    expect(keyOf(targetAt(placed, 57, 44))).toBe("d");
    expect(keyOf(targetAt(placed, 51, 58))).toBe("field");
    expect(keyOf(targetAt(placed, 80, 10))).toBeUndefined();
  });

  test("an arrow goes to what is near in its direction and not far to the side; at the edge nowhere", () => {
    const from = (key: string) => placed.find(({ target }) => target.key === key)!;
    expect(keyOf(targetBeside(placed, from("a"), 1, 0))).toBe("b");
    expect(keyOf(targetBeside(placed, from("b"), 1, 0))).toBe("field");
    expect(keyOf(targetBeside(placed, from("a"), 0, -1))).toBe("b");
    expect(keyOf(targetBeside(placed, from("b"), 0, -1))).toBe("c");
    expect(keyOf(targetBeside(placed, from("a"), -1, 0))).toBeUndefined();
  });
});

describe("the slider of the temperature", () => {
  test("is logarithmic from 0.005 to 1", () => {
    expect([0, 30, 60, 90, SLIDER_STEPS].map(temperatureAt)).toEqual([0.005, 0.019, 0.071, 0.27, 1]);
  });

  test("every position is that of its own temperature, give or take the rounding", () => {
    const positions = Array.from({ length: SLIDER_STEPS + 1 }, (_, position) => position);
    const off = positions.map((position) => Math.abs(sliderPosition(temperatureAt(position)) - position));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
  });

  test("what lies beyond stands at an end", () => {
    expect([sliderPosition(0), sliderPosition(-1), sliderPosition(0.001), sliderPosition(7)]).toEqual([0, 0, 0, SLIDER_STEPS]);
  });
});

test.each([
  ["rgb(1, 2, 3)", "rgb(1, 2, 3)", 1],
  ["rgba(1, 2, 3, 0.5)", "rgb(1, 2, 3)", 0.5],
  ["color(srgb 1 0.5 0)", "rgb(255, 128, 0)", 1],
  ["color(srgb 1.2 0.5 -0.1 / 0.25)", "rgb(255, 128, 0)", 0.25],
  ["none", "none", 1],
])("the computed colour %s is %s in a picture that stands alone", (value, colour, alpha) => {
  expect(plainColour(value)).toEqual({ colour, alpha });
});
