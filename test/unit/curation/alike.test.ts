import { expect, test } from "vitest";
import { alikeTo } from "#core/curation/alike";
import { fellOut } from "#core/curation/fellOut";
import type { MinedQuery } from "#core/mining/miningState";
import { file } from "../../support/smallCollection";
import { vectorOf } from "../learning/learningFixture";
import { curationFixture, value } from "./curationFixture";
import type { Curator } from "./curationFixture";

const words = "the heat transfer of a blunt body at high speed in thin air was measured in a tunnel";

/** One query, its positive, and candidates, some of which say the same. */
const input = {
  files: [
    file("train.jsonl", "training", [{ id: "q", query: "query 0", pos: ["document 0"] }]),
    file("corpus.jsonl", "corpus", [
      { docs: ["document 1", "document 1 once more", words, `${words} again`, "document 2", "document 3", "document 4"].map(String) },
    ]),
  ],
};

/** Copies by meaning have nearly the same vector, copies by words another one. */
function embed(text: string): readonly number[] {
  if (text === "document 1 once more") return vectorOf("document 1").map((part, i) => part + (i === 0 ? 0.02 : 0));
  if (text === words) return vectorOf("document 11");
  if (text.startsWith(words)) return vectorOf("document 12");
  return vectorOf(text);
}

function groupOf({ session }: Curator, text: string): number {
  return session.collection.documents.find((document) => document.text === text)?.group ?? -1;
}

async function mined({ session }: Curator): Promise<MinedQuery> {
  return value(await session.mine(0));
}

function textsOf({ session }: Curator, keys: readonly { readonly key: string }[]): readonly string[] {
  return keys.map(({ key }) => session.collection.documents.find(({ group }) => session.collection.groupKeys[group] === key)?.text ?? "");
}

test("near copies are found by their vectors and by their words, and not once somebody has judged them", async () => {
  const ann = await curationFixture({ input, embed });
  const byVectors = value(await alikeTo(ann.session, await mined(ann), groupOf(ann, "document 1")));
  expect(byVectors.map(({ by, similarity }) => [by, similarity > 0.98 && similarity <= 1])).toEqual([["vectors", true]]);
  expect(textsOf(ann, byVectors)).toEqual(["document 1 once more"]);
  const byWords = value(await alikeTo(ann.session, await mined(ann), groupOf(ann, words)));
  expect(byWords).toMatchObject([{ by: "words" }]);
  expect(textsOf(ann, byWords)).toEqual([`${words} again`]);
  expect(value(await alikeTo(ann.session, await mined(ann), groupOf(ann, "document 4")))).toEqual([]);
  await ann.judge(
    { lane: "harvest", query: ann.session.collection.queries[0]?.key ?? "", document: byVectors[0]?.key ?? "" },
    "true_negative",
  );
  expect(value(await alikeTo(ann.session, await mined(ann), groupOf(ann, "document 1")))).toEqual([]);
});

test("a promoted positive that scores low makes negatives fall out, each with the rule that drops it", async () => {
  const sampler = { absolute_margin: 0, num_negatives: 5, max_positive_similarity: null };
  const ann = await curationFixture({ input, embed: (text) => embed(text === "query 0" ? "document 0" : text), sampler });
  const before = await mined(ann);
  const kept = before.decision.kept.map((row) => before.facts.groups[row] ?? -1);
  const lowest = kept.at(-1) ?? -1;
  const { queries, groupKeys } = ann.session.collection;
  await ann.judge({ lane: "harvest", query: queries[0]?.key ?? "", document: groupKeys[lowest] ?? "" }, "false_negative");
  const after = await mined(ann);
  const fell = fellOut(before, after, new Set([lowest]));
  expect(fell.map(({ group }) => group)).toEqual(kept.slice(0, -1));
  expect(fell[0]?.reason).toMatchInlineSnapshot(`"less than 0 below the positive's score: 0.23 > -0.59"`);
  // Without a new positive nothing fell out because of one.
  await ann.undo();
  expect(fellOut(after, await mined(ann), new Set())).toEqual([]);
});
