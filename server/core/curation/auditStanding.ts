import { agreement } from "../audit/agreement";
import type { Agreement, PersonVerdict } from "../audit/agreement";
import type { AuditTarget } from "../audit/auditBound";
import type { AuditPopulation } from "../audit/auditPopulation";
import type { SampleFacts } from "../audit/auditSample";
import { auditStatement, statementText } from "../audit/boundWords";
import type { AuditStatement } from "../audit/boundWords";
import type { FoldedMarks } from "../marks/foldMarks";
import { PAIR_VERDICTS } from "../marks/mark";
import type { AuditProgress } from "./auditProgress";
import type { PairKeys } from "./card";
import { changeText } from "./emissionChange";
import type { EmissionChange, EmissionDifference } from "./emissionChange";

export interface StatedBound extends AuditStatement {
  /** "n marked, k false, at most x %, about m more clean marks to y %". */
  readonly text: string;
}

/** What an audit says now. */
export interface AuditStanding {
  readonly population: AuditPopulation;
  readonly total: StatedBound;
  readonly sources: readonly (StatedBound & { readonly source: string })[];
  /** Absent where nothing has changed, or what is emitted now is not known. */
  readonly change?: Pick<EmissionChange, "added" | "gone"> & { readonly text: string };
  readonly agreement?: Agreement;
}

export interface StandingInput {
  readonly progress: AuditProgress;
  /** Places in the order of pairs whose texts are not in the data any more. */
  readonly gone: ReadonlySet<number>;
  readonly target: AuditTarget;
  readonly marks: FoldedMarks;
  /** Absent where what is emitted now is not known. */
  readonly difference?: EmissionDifference;
}

export function auditStanding({ progress, gone, target, marks, difference }: StandingInput): AuditStanding {
  const stated = (facts: SampleFacts): StatedBound => {
    const statement = auditStatement(facts, target);
    return { ...statement, text: statementText(statement, target) };
  };
  const { falseNegatives, marked } = progress.total.count;
  const agreed = agreement(judgedByMany(progress, marks), marked === 0 ? undefined : falseNegatives / marked);
  const isMarked = ({ query, document }: PairKeys): boolean =>
    marks.ofQuery(query).some((mark) => mark.document === undefined || mark.document.key === document);
  const lost = [...gone].filter((place) => progress.verdictAt(place) === undefined).length;
  const change = difference === undefined ? { added: 0, gone: 0, refills: 0 } : difference.change(isMarked);
  const text = changeText(change, lost);
  return {
    population: progress.population,
    total: stated(progress.total),
    sources: [...progress.sources].map(([source, facts]) => ({ source, ...stated(facts) })),
    ...(text === undefined ? {} : { change: { added: change.added, gone: change.gone + lost, text } }),
    ...(agreed === undefined ? {} : { agreement: agreed }),
  };
}

/** What persons say of the audit's pairs that more than one of them judged. */
function judgedByMany(progress: AuditProgress, marks: FoldedMarks): readonly (readonly PersonVerdict[])[] {
  return marks.markedQueries().flatMap((query) => {
    const places = progress.placesOf(query).filter((place) => (progress.verdictAt(place)?.authors.length ?? 0) > 1);
    if (places.length === 0) return [];
    const inForce = marks.ofQuery(query);
    return places.map((place) => {
      const document = progress.order[place]?.pair.document;
      return inForce
        .filter((mark) => mark.document?.key === document)
        .flatMap(({ author, verdict }) => {
          const known = PAIR_VERDICTS.find((name) => name === verdict);
          return known === undefined ? [] : [{ author, verdict: known }];
        });
    });
  });
}
