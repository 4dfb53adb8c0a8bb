import type { CurationConfig } from "#core/config/curationSchema";
import { isOpinionShown, opinionBy } from "#core/curation/opinions";
import type { QueryVerdicts } from "#core/marks/verdictsForQuery";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import type { CandidateView, OpinionView, PositiveView, Verdict } from "#protocol/review";

/** What language models say of one query, as far as a person may see it. */
export interface OpinionContext {
  /** Text key of the query. */
  readonly query: string;
  readonly suggestions: Suggestions;
  readonly curation: CurationConfig;
}

/** The second opinion of a candidate, or that there is one which is hidden until the person's own verdict; nothing of it leaves the server before. */
export function opinionParts(
  { query, suggestions, curation }: OpinionContext,
  document: string,
  own: Verdict | undefined,
): Pick<CandidateView, "opinion" | "hasHiddenOpinion"> {
  const opinion = suggestions.opinionOf(query, document);
  if (opinion === undefined) return {};
  if (!isOpinionShown(curation, own)) return { hasHiddenOpinion: true };
  const { verdict, reason, span } = opinion;
  const contribution = contributionOf(suggestions, query, document);
  const shown: OpinionView = {
    verdict,
    reason,
    ...(span === undefined ? {} : { span }),
    by: opinionBy(opinion),
    ...(contribution === undefined ? {} : { contribution }),
  };
  return { opinion: shown };
}

/** Why a listed positive is called wrong, once the person has judged anything of the query: a verdict on the positive itself only ever calls it wrong. */
export function calledWrong(context: OpinionContext, document: string, verdicts: QueryVerdicts): Pick<PositiveView, "calledWrong"> {
  const reason = context.suggestions.wrongPositive(context.query, document);
  return reason === undefined || !isQueryJudged(context, verdicts) ? {} : { calledWrong: reason };
}

/** Why the query is called ambiguous, once the person has judged anything of it. */
export function calledAmbiguous(context: OpinionContext, verdicts: QueryVerdicts): { readonly calledAmbiguous?: string } {
  const reason = context.suggestions.ambiguityOf(context.query);
  return reason === undefined || !isQueryJudged(context, verdicts) ? {} : { calledAmbiguous: reason };
}

function isQueryJudged({ curation }: OpinionContext, { own, ownOnQuery }: QueryVerdicts): boolean {
  return isOpinionShown(curation, ownOnQuery) || [...own.values()].some((verdict) => isOpinionShown(curation, verdict));
}

/** Weights of an answer that rests on no passage come to nothing, and give nobody a share. */
function contributionOf(suggestions: Suggestions, query: string, document: string): number | undefined {
  const weights = suggestions.attributionOf(query)?.weights;
  const weight = weights?.get(document);
  if (weights === undefined || weight === undefined) return undefined;
  const sum = [...weights.values()].reduce((total, one) => total + one, 0);
  return sum > 0 ? weight / sum : undefined;
}
