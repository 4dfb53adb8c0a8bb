import type { FoldedMarks } from "./foldMarks";
import type { Verdict, VerdictMark } from "./mark";

/** A pair that people are sure of and agree on. Keys are text keys. */
export interface LabelledMark {
  readonly query: string;
  readonly document: string;
  /** The source that it was judged under; undefined where no mark names one. */
  readonly source?: string;
  readonly isFalseNegative: boolean;
  /** Whether anybody met it by chance, in the audit lane or among the pairs of it that a second person judges. */
  readonly isRandom: boolean;
  /** Whether anybody had a language model's verdict in sight: what was said then cannot tell how good such verdicts are. */
  readonly hasSeenOpinion: boolean;
}

/**
 * The pairs that verdicts in force are sure about, query by query. A duplicate of the positive counts as a false negative, since it is relevant; a
 * partly relevant passage and a doubt count as neither, and a pair that persons judge differently is left out. What is put off is no judgement.
 */
export function labelledMarks(marks: FoldedMarks): readonly LabelledMark[] {
  return marks.markedQueries().flatMap((query) => labelledOfQuery(query, marks.ofQuery(query)));
}

function labelledOfQuery(query: string, inForce: readonly VerdictMark[]): readonly LabelledMark[] {
  const byDocument = new Map<string, VerdictMark[]>();
  for (const mark of inForce) {
    if (mark.document === undefined || mark.verdict === "later") continue;
    const known = byDocument.get(mark.document.key);
    if (known === undefined) byDocument.set(mark.document.key, [mark]);
    else known.push(mark);
  }
  return [...byDocument].flatMap(([document, marks]) => {
    const isFalseNegative = agreed(marks);
    if (isFalseNegative === undefined) return [];
    const source = sourceOf(marks);
    const isRandom = marks.some(({ lane }) => lane === "audit" || lane === "second");
    const hasSeenOpinion = marks.some(({ opinion_shown: isShown }) => isShown === true);
    return [{ query, document, ...(source === undefined ? {} : { source }), isFalseNegative, isRandom, hasSeenOpinion }];
  });
}

/** What all marks of a pair say; undefined where they differ or leave it open. */
function agreed(marks: readonly VerdictMark[]): boolean | undefined {
  const opinions = new Set(marks.map(({ verdict }) => opinionOf(verdict)));
  const [opinion] = opinions;
  return opinions.size === 1 ? opinion : undefined;
}

function opinionOf(verdict: Verdict): boolean | undefined {
  if (verdict === "false_negative" || verdict === "duplicate_of_positive") return true;
  return verdict === "true_negative" ? false : undefined;
}

/** The source that the earliest mark names, whatever order the marks come in. */
function sourceOf(marks: readonly VerdictMark[]): string | undefined {
  const named = marks.filter(({ source }) => source !== undefined);
  return named.sort((a, b) => compare(a.time, b.time) || compare(a.mark, b.mark))[0]?.source;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
