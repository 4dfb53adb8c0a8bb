import { expect, test } from "vitest";
import { priorModel } from "#core/falseNegatives/priorModel";
import { FeatureScaler } from "#core/falseNegatives/features";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import { curationView } from "../../../server/lsp/views/curationView";
import { curationFixture } from "../curation/curationFixture";
import { judgement } from "../suggestions/suggestionLines";

test("what language models said and how far persons agree stands beside the model, which says that it goes by it", async () => {
  const ann = await curationFixture();
  const card = await ann.card({ lane: "harvest" });
  const before = curationView(ann.session, await ann.standing());
  expect([before.opinions, before.model?.text]).toEqual([
    undefined,
    "Nothing is learnt from marks yet: it goes by how near a passage is to the query and to its positives.",
  ]);
  expect(before.model?.effects.map(({ feature }) => feature)).not.toContain("llm_verdict");
  await ann.judge(card, "true_negative");
  ann.session.setSuggestions(
    new FoldedSuggestions([judgement(card.query, { [card.document]: "relevant" }, { time: "2026-02-01T00:00:00.000Z" })]),
  );
  await ann.card({ lane: "harvest" });
  const after = curationView(ann.session, await ann.standing());
  expect(after.opinions).toMatchObject({ queries: 1, pairs: 1, flagged: 1, agreement: { pairs: 1, agreement: 0, kappa: 0 } });
  expect(after.left.disagreements).toBe(1);
});

test("the effect of a verdict is told in words", async () => {
  const { session } = await curationFixture({ withVectors: false });
  const falseNegatives = priorModel(new FeatureScaler().scale(true));
  const { model } = curationView({ revision: session.revision, config: session.config, falseNegatives }, { problems: [], left: {} });
  expect(model?.effects[0]).toEqual({ feature: "llm_verdict", label: "a language model's verdict", effect: 0.7 });
  expect(model?.text).toBe(
    "Nothing is learnt from marks yet: it goes by how near a passage is to the query and to its positives, and by what language models say of it.",
  );
});
