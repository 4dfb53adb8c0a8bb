import { describe, expect, test } from "vitest";
import { longestFirst, PairTokenizer } from "../../../server/runtime/vectors/pairTokens";
import { loadTokenizer, type Tokenizer } from "../../../server/runtime/vectors/tokenizer";
import { temporaryFolder } from "./fixture";
import { toyModel } from "./toyModel";

const CLS = 101;
const SEP = 102;

const loading = (): Promise<Tokenizer> => loadTokenizer(toyModel(temporaryFolder()));

/** What RoBERTa's tokenizer does with words that are numbers: <s> query </s></s> document </s>, and no types. */
const likeRoberta: Tokenizer = (text, { text_pair: pair, add_special_tokens: special = true }) => {
  const ids = (of: string) => (of === "a" ? [7] : of.split(" ").filter(Boolean).map(Number));
  if (!special) return { input_ids: ids(text) };
  return { input_ids: pair === undefined ? [0, ...ids(text), 2] : [0, ...ids(text), 2, 2, ...ids(pair), 2] };
};

describe("a pair is what the tokenizer gives for it", () => {
  test.each([
    ["blue whale", "the whale is blue"],
    ["", "the whale is blue"],
    ["blue whale", ""],
    ["", ""],
    ["[SEP] blue", "[CLS] whale [SEP]"],
    ["北京 🙂", "unbelievablyuncommonword"],
  ])("%j and %j", async (query, document) => {
    const tokenizer = await loading();
    const pairs = new PairTokenizer(tokenizer, 512);
    const { input_ids, token_type_ids } = tokenizer(query, { text_pair: document, return_tensor: false, return_token_type_ids: true });
    expect(pairs.pair(pairs.tokensOf(query), pairs.tokensOf(document))).toEqual({ ids: input_ids, types: token_type_ids });
  });

  test("with two special tokens between the texts", () => {
    const pairs = new PairTokenizer(likeRoberta, 9);
    expect(pairs.pair(pairs.tokensOf("11 12"), pairs.tokensOf("21 22 23 24 25"))).toEqual({
      ids: [0, 11, 12, 2, 2, 21, 22, 23, 2],
      types: [0, 0, 0, 0, 0, 0, 0, 0, 0],
    });
  });
});

test("a long document is cut, and the closing token stays", async () => {
  const pairs = new PairTokenizer(await loading(), 12);
  const { ids, types } = pairs.pair(pairs.tokensOf("blue whale"), pairs.tokensOf("fish ".repeat(1e6)));
  expect([ids[0], ids[3], ids.at(-1), ids.length]).toEqual([CLS, SEP, SEP, 12]);
  expect(types).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
});

/** As the tokenizers library cuts, truncation.rs, strategy LongestFirst. */
test.each([
  [3, 4, 10, { query: 3, document: 4 }],
  [3, 40, 10, { query: 3, document: 7 }],
  [40, 3, 10, { query: 7, document: 3 }],
  [40, 40, 11, { query: 5, document: 6 }],
  [41, 40, 11, { query: 6, document: 5 }],
])("of %i and %i tokens in a room of %i stay %o", (query, document, room, expected) => {
  expect(longestFirst(query, document, room)).toEqual(expected);
});

test("a maximum that only special tokens fill is refused", async () => {
  const tokenizer = await loading();
  expect(() => new PairTokenizer(tokenizer, 4)).toThrow("its maximum of 4 tokens has no room for two texts");
});
