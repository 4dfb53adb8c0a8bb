import { describe, expect, test } from "vitest";
import { removeConfigValue, setConfigValue } from "#core/config/editConfig";

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
  expect(setConfigValue(text, ["sampler", "mix", 0, "range_min"], 5)).toBe(text.replace('"n": 2 }', '"n": 2, "range_min": 5 }'));
  expect(setConfigValue(text, ["sampler", "mix", 1, "range_min"], 5)).toBe(text.replace('"n": 1\n', '"n": 1,\n        "range_min": 5\n'));
});

describe("taking a setting out", () => {
  const text = `{
  "sampler": {
    // the two of them
    "mix": [
      { "source": "top", "n": 2, "relative_margin": 0.1 }, // the near ones
      {
        "source": "random",
        "n": 1, // few
        // articles are near by construction
        "relative_margin": 0.2, // NV-Retriever
        "simans": {
          "a": 2
        } /* sharp */
      }
    ],
    "seed": 7,
  }
}
`;
  const cases: readonly {
    readonly name: string;
    readonly path: readonly (string | number)[];
    readonly from: string;
    readonly to: string;
  }[] = [
    { name: "the last of a line", path: ["mix", 0, "relative_margin"], from: ', "relative_margin": 0.1 }', to: " }" },
    { name: "the first of a line", path: ["mix", 0, "source"], from: '{ "source": "top", "n"', to: '{ "n"' },
    { name: "one between comments", path: ["mix", 1, "relative_margin"], from: '"relative_margin": 0.2, // NV', to: "// NV" },
    { name: "the only one of its group", path: ["mix", 1, "simans", "a"], from: '          "a": 2\n', to: "" },
    {
      name: "a group of several lines, with the comma before its comment",
      path: ["mix", 1, "simans"],
      from: '0.2, // NV-Retriever\n        "simans": {\n          "a": 2\n        } /* sharp */',
      to: "0.2 // NV-Retriever\n        /* sharp */",
    },
    { name: "one with a comma at the end", path: ["seed"], from: '    "seed": 7,\n', to: "" },
    { name: "an entry of a list", path: ["mix", 0], from: '{ "source": "top", "n": 2, "relative_margin": 0.1 }, // the', to: "// the" },
  ];

  test.each(cases)("$name", ({ path, from, to }) => {
    expect(text).toContain(from);
    expect(removeConfigValue(text, ["sampler", ...path])).toBe(text.replace(from, to));
  });

  test("where nothing is set there is nothing to take out", () => {
    expect(removeConfigValue(text, ["sampler", "mix", 0, "simans", "a"])).toBe(text);
    expect(removeConfigValue(text, ["sampler", "mix", 5, "n"])).toBe(text);
    expect(removeConfigValue("", ["sampler"])).toBe("");
  });

  test("what was set and is taken out leaves the text as it was, whatever the line ends", () => {
    for (const before of [text, text.replaceAll("\n", "\r\n")]) {
      const path = ["sampler", "mix", 0, "max_score"];
      expect(removeConfigValue(setConfigValue(before, path, 0.9), path)).toBe(before);
    }
  });
});
