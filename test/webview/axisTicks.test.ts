import { expect, test } from "vitest";
import { axisTicks, roundAxis } from "../../webview/parts/plot/axisTicks";

const texts = ({ ticks, tickFormat }: ReturnType<typeof axisTicks>): readonly string[] => ticks.map((tick) => tickFormat(tick));

test("ticks have as many digits as tell them apart", () => {
  expect({
    narrow: texts(roundAxis([0.39112, 0.39168], 3)),
    shares: texts(roundAxis([0.02, 0.94], 4)),
    losses: texts(roundAxis([0.012, 1.55], 4)),
    below: texts(axisTicks(-0.31, 0.04, 4)),
    tiny: texts(roundAxis([0, 3.2e-8], 3)),
    large: texts(axisTicks(0, 260_000, 4, 1)),
  }).toMatchInlineSnapshot(`
    {
      "below": [
        "−0.3",
        "−0.2",
        "−0.1",
        "0.0",
      ],
      "large": [
        "0",
        "100K",
        "200K",
      ],
      "losses": [
        "0.0",
        "0.5",
        "1.0",
        "1.5",
        "2.0",
      ],
      "narrow": [
        "0.3910",
        "0.3912",
        "0.3914",
        "0.3916",
        "0.3918",
      ],
      "shares": [
        "0.0",
        "0.5",
        "1.0",
      ],
      "tiny": [
        "0",
        "2e-8",
        "4e-8",
      ],
    }
  `);
});

test("steps and ranks are whole", () => {
  expect(texts(axisTicks(1, 3, 8, 1))).toEqual(["1", "2", "3"]);
});

test("a stretch that means nothing does not fill the axis", () => {
  expect(texts(roundAxis([0.39112, 0.39168], 3, 0.01))).toMatchInlineSnapshot(`
    [
      "0.385",
      "0.390",
      "0.395",
      "0.400",
    ]
  `);
});

test("one value, or none, still gives an axis around it", () => {
  expect([texts(roundAxis([0.4], 3, 0.01)), texts(roundAxis([0, 0], 3)), texts(roundAxis([], 3))]).toMatchInlineSnapshot(`
    [
      [
        "0.395",
        "0.400",
        "0.405",
      ],
      [
        "0.0",
        "0.5",
        "1.0",
      ],
      [
        "0.0",
        "0.5",
        "1.0",
      ],
    ]
  `);
});

test.for([0, 1e-4, 3e-3, 0.07, 0.5, 2, 40, 9000])("no two ticks read the same over a stretch of %d", (stretch) => {
  for (const start of [-0.73, 0, 0.391, 12.5]) {
    const axis = roundAxis([start, start + stretch], 4);
    expect(new Set(texts(axis)).size).toBe(axis.ticks.length);
    expect(axis.ticks.length).toBeGreaterThan(1);
    expect(axis.domain[0]).toBeLessThanOrEqual(start + 1e-9);
    expect(axis.domain[1]).toBeGreaterThanOrEqual(start + stretch - 1e-9);
  }
});
