import { expect, test } from "vitest";
import { setConfigValue } from "#core/config/editConfig";

test("a file that does not exist yet holds the value and nothing else", () => {
  expect(setConfigValue(undefined, ["sampler", "relative_margin"], 0.08)).toMatchInlineSnapshot(`
    "{
      "sampler": {
        "relative_margin": 0.08
      }
    }
    "
  `);
  expect(setConfigValue(" \n", ["sampler", "seed"], 1)).toBe(setConfigValue(undefined, ["sampler", "seed"], 1));
});

test("only the value changes: comments, order, indentation and line ends stay", () => {
  const text = '{\r\n\t// ours\r\n\t"sampler": {\r\n\t\t"relative_margin": 0.05, /* NV-Retriever */\r\n\t\t"seed": 7\r\n\t}\r\n}\r\n';
  expect(setConfigValue(text, ["sampler", "relative_margin"], 0.08)).toBe(text.replace("0.05", "0.08"));
  expect(setConfigValue(text, ["sampler", "range_min"], 5)).toBe(text.replace('"seed": 7', '"seed": 7,\r\n\t\t"range_min": 5'));
});

test("numbers in the path are places in a list", () => {
  const text = `{
  "sampler": {
    "mix": [
      { "source": "top", "n": 2 }, // the near ones
      {
        "source": "random",
        "n": 1
      }
    ]
  }
}
`;
  expect(setConfigValue(text, ["sampler", "mix", 0, "n"], 3)).toBe(text.replace('"n": 2', '"n": 3'));
  expect(setConfigValue(text, ["sampler", "mix", 1, "range_min"], 5)).toBe(text.replace('"n": 1\n', '"n": 1,\n        "range_min": 5\n'));
});
