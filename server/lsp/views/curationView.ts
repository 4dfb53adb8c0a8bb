import type { Collection } from "#core/collection/collection";
import type { AuditStanding, StatedBound } from "#core/curation/auditStanding";
import type { Card } from "#core/curation/card";
import type { Standing } from "#core/curation/curation";
import type { OpinionStanding } from "#core/curation/opinionAgreement";
import { featureLabels } from "#core/falseNegatives/featureLabels";
import { FEATURES } from "#core/falseNegatives/features";
import type { FalseNegativeModel } from "#core/falseNegatives/falseNegativeModel";
import type { DatasetSession } from "#core/session/datasetSession";
import { failureText } from "#core/util/failure";
import { itemAt } from "#core/util/itemAt";
import type {
  AgreementView,
  AuditView,
  BoundView,
  CurationState,
  FalseNegativeModelView,
  LaneCard,
  OpinionsView,
} from "#protocol/curation";

/** Everything the curation view shows. */
export function curationView(
  { revision, config, falseNegatives }: Pick<DatasetSession, "revision" | "config" | "falseNegatives">,
  { audit, opinions, problems, left }: Standing,
): CurationState {
  const { max_false_negatives: maxFalseNegatives, confidence, harvest, audit: audited } = config.curation;
  return {
    revision,
    maxFalseNegatives,
    confidence,
    rhythm: { harvest, audit: audited },
    ...(falseNegatives === undefined ? {} : { model: modelView(falseNegatives) }),
    ...(audit === undefined ? {} : { audit: auditView(audit) }),
    ...(opinions === undefined ? {} : { opinions: opinionsView(opinions) }),
    ...(problems.length === 0 ? {} : { problems: problems.map(failureText) }),
    left,
  };
}

/** A card with its passage, which need not be among the candidates of the query any more. */
export function laneCardView(collection: Collection, card: Card): LaneCard {
  const group = collection.groupOfKey.get(card.document);
  const document = collection.documents[(group === undefined ? undefined : collection.groups[group]?.[0]) ?? -1];
  if (document === undefined) return card;
  const { id, text, title, file, line } = document;
  const place = { file: itemAt(collection.files, file), line };
  return { ...card, passage: { key: card.document, id, text, ...(title === undefined ? {} : { title }), place } };
}

function auditView({ population, total, sources, change, agreement }: AuditStanding): AuditView {
  return {
    name: population.name,
    begun: population.begun,
    total: boundView(total),
    sources: sources.map((source) => ({ source: source.source, ...boundView(source) })),
    ...(change === undefined ? {} : { changed: change }),
    ...(agreement === undefined ? {} : { agreement: agreementView(agreement) }),
  };
}

function opinionsView({ queries, pairs, flagged, agreement }: OpinionStanding): OpinionsView {
  return { queries, pairs, flagged, ...(agreement === undefined ? {} : { agreement: agreementView(agreement) }) };
}

function boundView({ pairs, marked, falseNegatives, atMost, moreCleanMarks, text }: StatedBound): BoundView {
  return { pairs, marked, falseNegatives, atMost, ...(moreCleanMarks === undefined ? {} : { moreCleanMarks }), text };
}

function agreementView({ pairs, agreement, kappa, text }: NonNullable<AuditStanding["agreement"]>): AgreementView {
  return { pairs, agreement, ...(kappa === undefined ? {} : { kappa }), text };
}

function modelView(model: FalseNegativeModel): FalseNegativeModelView {
  const { kind, pairs, falseNegatives, calibration, coefficients, reliability } = model;
  const effects = FEATURES.map((feature, i) => ({ feature, label: featureLabels[feature], effect: coefficients[i] ?? 0 }));
  return {
    kind,
    pairs,
    falseNegatives,
    calibration: calibration.kind,
    effects: effects.filter(({ effect }) => effect !== 0).sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
    reliability,
    text: trust(model),
  };
}

function trust({ kind, pairs, falseNegatives, calibration, coefficients }: FalseNegativeModel): string {
  if (kind === "prior") {
    const opinions = coefficients[FEATURES.indexOf("llm_verdict")] === 0 ? "" : ", and by what language models say of it";
    return `Nothing is learnt from marks yet: it goes by how near a passage is to the query and to its positives${opinions}.`;
  }
  const learnt = `Learnt from ${String(pairs)} marked ${pairs === 1 ? "pair" : "pairs"}, ${String(falseNegatives)} of them false negatives`;
  switch (calibration.kind) {
    case "none":
      return `${learnt}. Its probabilities are not checked yet: that takes 50 marks.`;
    case "platt":
      return `${learnt}. Its probabilities are adjusted to marks that it had not seen, by Platt's two numbers.`;
    case "isotonic":
      return `${learnt}. Its probabilities are adjusted to the marks of the audit, which chance chose.`;
  }
}
