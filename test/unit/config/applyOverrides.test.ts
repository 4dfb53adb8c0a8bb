import { expect, test } from "vitest";
import { applyOverrides } from "#core/config/applyOverrides";
import { defaultConfig } from "#core/config/config";
import { failureText } from "#core/util/failure";

test("values are numbers, words, texts or null, as the setting has them; later ones win", () => {
  const given = [
    "sampler.num_negatives=7",
    "sampler.max_score=0.8",
    "sampler.relative_margin=null",
    "sampler.sampling_strategy=window",
    "data.split=2024",
    "model.query_prompt=query: a=b",
    "sampler.num_negatives=8",
    "sampler.simans.a=2",
    "checks.HN106=off",
  ];
  const { sampler, data, model } = defaultConfig;
  expect(applyOverrides({}, given)).toEqual({
    ok: true,
    value: {
      ...defaultConfig,
      sampler: {
        ...sampler,
        num_negatives: 8,
        max_score: 0.8,
        relative_margin: null,
        sampling_strategy: "window",
        simans: { ...sampler.simans, a: 2 },
      },
      data: { ...data, split: "2024" },
      model: { ...model, query_prompt: "query: a=b" },
      checks: { HN106: "off" },
    },
  });
});

test("lists are JSON; entries that are there can be changed one by one", () => {
  const mix = [
    { source: "simans", n: 4 },
    { source: "random", n: 1 },
  ] as const;
  const set = (...overrides: readonly string[]) => {
    const result = applyOverrides({ sampler: { where: [{ field: "language", equals: "en" }] } }, overrides);
    return result.ok ? result.value.sampler : failureText(result.failure);
  };
  const given = `sampler.mix=${JSON.stringify(mix)}`;
  expect(set(given)).toMatchObject({ mix, where: [{ field: "language", equals: "en" }] });
  expect(set(given, "sampler.mix[0].relative_margin=0.1", "sampler.mix.1.n=2", "sampler.mix[0].simans.anchor=mean")).toMatchObject({
    mix: [
      { source: "simans", n: 4, relative_margin: 0.1, simans: { anchor: "mean" } },
      { source: "random", n: 2 },
    ],
  });
  expect(set("sampler.where[0].equals=2024")).toMatchObject({ where: [{ field: "language", equals: 2024 }] });
  expect(set("sampler.where[0].equals=de", "sampler.mix=null")).toMatchObject({ where: [{ field: "language", equals: "de" }], mix: null });
  expect(set("sampler.where=[]")).toMatchObject({ where: [] });
});

test("compat completes what neither the file nor the command line sets", () => {
  const result = applyOverrides({ sampler: { num_negatives: 4 } }, [
    "sampler.compat=sentence-transformers",
    "sampler.relative_margin=0.05",
  ]);
  expect(result.ok && result.value.sampler).toMatchObject({
    compat: "sentence-transformers",
    num_negatives: 4,
    range_max: null,
    range_after_filters: true,
    relative_margin: 0.05,
    near_duplicate_similarity: null,
    diversity_overlap: null,
  });
  const without = applyOverrides({ sampler: { compat: "sentence-transformers" } }, ["sampler.compat=null"]);
  expect(without).toEqual({ ok: true, value: defaultConfig });
});

test("what cannot be set is told with the next step", () => {
  const written = { sampler: { mix: [{ source: "top", n: 2 }] } };
  const told = (override: string): string => {
    const result = applyOverrides(written, [override]);
    return result.ok ? "fine" : failureText(result.failure);
  };
  const overrides = [
    "num_negatives=5",
    "sampler.rang_max=3",
    "sampler.seed",
    "sampler.seed=many",
    "sampler.sampling_strategy=best",
    "sampler.range_min=100",
    "model.allow_download=yes",
    "sampler.mix=top",
    "sampler.mix=[1",
    "sampler.mix=[3]",
    "sampler.mix=[]",
    'sampler.mix=[{"source":"top"}]',
    'sampler.mix=[{"source":"top","n":1,"rangemin":4}]',
    'sampler.mix=[{"source":"top","n":1,"n":4}]',
    'sampler.mix=[{"source":"top","n":1,"range_min":200}]',
    'sampler.where=[{"field":"language"}]',
    "sampler.mix[0].relativ_margin=0.1",
    "sampler.mix[0].n=0",
    "sampler.mix[1].n=1",
    "sampler.where.0.prefix=a",
    "sampler.mix.first.n=1",
    "sampler.simans=1",
    "sampler.rescore.kind=cross_encoder",
    "sampler.compat=sentence-transformers",
    "sampler.__proto__=1",
  ];
  expect(overrides.map(told)).toMatchInlineSnapshot(`
    [
      ""num_negatives" is not a setting. Did you mean sampler.num_negatives?",
      ""sampler.rang_max" is not a setting. Did you mean sampler.range_max?",
      ""sampler.seed" has no value. Write it as name=value, for example sampler.num_negatives=5.",
      "sampler.seed is "many", but must be a number. Allowed is a whole number, at least 0.",
      "sampler.sampling_strategy is "best", but must be one of "top", "window", "simans", "random", "bm25", "hybrid", "same_article", "same_topic". Allowed is "top", "window", "simans", "random", "bm25", "hybrid", "same_article", "same_topic".",
      "sampler.range_min is 100, but must be below range_max, else no candidate is left. Allowed is a whole number, at least 0.",
      "model.allow_download is "yes", but must be true or false. Allowed is true, false.",
      "sampler.mix is "top": Not valid JSON: invalid symbol. Write it as JSON: sampler.mix=[...].",
      "sampler.mix is "[1": Not valid JSON: close bracket expected. Write it as JSON: sampler.mix=[...].",
      "sampler.mix[0] is 3, but must be an object. Correct the value.",
      "sampler.mix is [], but must not be empty. Correct the value.",
      "sampler.mix[0] lacks "n". Allowed is a whole number, at least 1.",
      ""sampler.mix[0].rangemin" is not a setting. Did you mean "range_min"?",
      ""n" is there twice; only the last would count.",
      "sampler.mix[0].range_min is 200, but must be below range_max, else no candidate is left. Allowed is a whole number, at least 0.",
      "sampler.where[0] is {"field":"language"}, but must have exactly one of "equals", "in" and "prefix". Correct the value.",
      ""sampler.mix[0].relativ_margin" is not a setting. Did you mean sampler.mix[0].relative_margin?",
      "sampler.mix[0].n is 0, but must be at least 1. Allowed is a whole number, at least 1.",
      "sampler.mix has one entry, [0], so sampler.mix[1] cannot be set. Set the whole list first, as JSON: sampler.mix=[...].",
      "sampler.where has no entries, so sampler.where[0] cannot be set. Set the whole list first, as JSON: sampler.where=[...].",
      "sampler.mix is a list. Name an entry by its place: sampler.mix[0].",
      ""sampler.simans" is a group of settings. Set one of them: sampler.simans.a, sampler.simans.b, sampler.simans.kernel, sampler.simans.anchor, sampler.simans.axis.",
      "sampler.rescore.model is "", but must name the cross-encoder that rescore.kind asks for. Allowed is a text.",
      "sampler.mix is [{"source":"top","n":2}], but must be null with compat: sentence-transformers knows no mix. Correct the value.",
      ""sampler.__proto__" is not a setting. The settings are $schema, data.format, data.corpus, data.split, model.id, model.precision, model.query_prompt, model.corpus_prompt, model.allow_download, model.adapter, index.kind, index.m, index.ef_construction, index.ef, sampler.compat, sampler.sampling_strategy, sampler.num_negatives, sampler.mix, sampler.draw, sampler.range_min, sampler.range_max, sampler.range_after_filters, sampler.max_score, sampler.min_score, sampler.margin_anchor, sampler.absolute_margin, sampler.relative_margin, sampler.max_positive_similarity, sampler.max_fn_probability, sampler.near_duplicate_similarity, sampler.near_duplicate_overlap, sampler.near_query_similarity, sampler.near_query_overlap, sampler.diversity_similarity, sampler.diversity_overlap, sampler.where, sampler.simans.a, sampler.simans.b, sampler.simans.kernel, sampler.simans.anchor, sampler.simans.axis, sampler.bm25.k1, sampler.bm25.b, sampler.hybrid.k, sampler.same_article.field, sampler.same_article.separator, sampler.same_article.order_field, sampler.same_article.adjacent, sampler.same_topic.field, sampler.same_topic.topics, sampler.rescore.kind, sampler.rescore.model, sampler.rescore.precision, sampler.rescore.top_n, sampler.rescore.max_score, sampler.rescore.min_score, sampler.rescore.absolute_margin, sampler.rescore.relative_margin, sampler.seed, training.temperature, training.adapter.sides, training.adapter.rank, training.adapter.regularization, training.in_batch_negatives, training.hardness_mode, training.hardness_strength, training.weight_by_false_negatives, training.distillation_weight, training.num_train_epochs, training.batch_size, training.learning_rate, training.weight_decay, training.warmup_ratio, training.max_grad_norm, training.early_stopping_patience, training.validation_share, training.test_share, training.seed, training.batches.blended, training.batches.task, training.batches.multi_dataset_batch_sampler, training.batches.same_topic, training.rounds.count, training.rounds.steps, training.rounds.asynchronous, training.rounds.patience, training.rounds.max_false_negative_rise, curation.max_false_negatives, curation.confidence, curation.harvest, curation.audit, curation.blind_audit, curation.double_mark_share, curation.show_opinions, curation.harvest_order, curation.edits_are_marks, labelling.queries, labelling.candidates, labelling.passages, labelling.contribution, labelling.subsets, labelling.max_passage_characters, labelling.guidelines, labelling.min_perplexity, labelling.seed, export.output_scores, export.scores, checks.HN001, checks.HN002, checks.HN003, checks.HN004, checks.HN005, checks.HN006, checks.HN007, checks.HN010, checks.HN013, checks.HN101, checks.HN102, checks.HN106, checks.HN107, checks.HN201, checks.HN203, checks.HN204, checks.HN208, checks.HN302, checks.HN401.",
    ]
  `);
});
