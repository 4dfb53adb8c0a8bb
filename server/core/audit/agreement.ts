import type { Verdict } from "../marks/mark";

/** What one person said of a pair. */
export interface PersonVerdict {
  readonly author: string;
  readonly verdict: Verdict;
}

/** How far persons who judge the same pairs agree on whether a negative is clean. */
export interface Agreement {
  /** Pairs that two or more persons judged. */
  readonly pairs: number;
  /** Comparisons of two persons; as many as pairs where nobody is a third. */
  readonly comparisons: number;
  /** Share of the comparisons where both say the same, in [0, 1]. */
  readonly agreement: number;
  /** Cohen's kappa; undefined where chance alone would make them agree always. */
  readonly kappa: number | undefined;
  /** What it means, as sentences. */
  readonly text: string;
}

/** Below so many comparisons kappa is said to be a first impression. */
const fewestForKappa = 30;

/**
 * Compares persons on pairs that more than one of them judged. Only "clean" (true negative) against "not clean" counts, since that is what a bound
 * rests on: everything else is not clean, and "later" is no verdict. With three or more persons on a pair, each two of them are compared.
 *
 * @param judged the verdicts in force on each pair, one a person
 * @param share share of audited pairs that are not clean, in [0, 1], to say what errors of the persons would make of it
 * @param who who is compared, as the subject of a sentence
 * @returns undefined where no pair has two verdicts
 */
export function agreement(judged: readonly (readonly PersonVerdict[])[], share?: number, who = "Two persons"): Agreement | undefined {
  const table = tableOf(judged);
  const { bothClean, bothNot, firstClean, secondClean, pairs } = table;
  const comparisons = bothClean + bothNot + firstClean + secondClean;
  if (comparisons === 0) return undefined;
  const observed = (bothClean + bothNot) / comparisons;
  const kappa = cohensKappa(table);
  const found = { pairs, comparisons, agreement: observed, kappa };
  return { ...found, text: inWords(found, share, who) };
}

/** How two persons judge the same things: both one way, both the other, or only the first or the second "clean". */
export interface AgreementTable {
  readonly bothClean: number;
  readonly bothNot: number;
  readonly firstClean: number;
  readonly secondClean: number;
}

/** (p_o - p_e) / (1 - p_e) with the agreement p_e that the persons' own shares would give by chance (Cohen 1960); undefined where p_e is 1. */
export function cohensKappa({ bothClean, bothNot, firstClean, secondClean }: AgreementTable): number | undefined {
  const count = bothClean + bothNot + firstClean + secondClean;
  const first = bothClean + firstClean;
  const second = bothClean + secondClean;
  // Whole numbers, so that a chance of exactly 1 is seen.
  const byChance = first * second + (count - first) * (count - second);
  return byChance === count * count ? undefined : ((bothClean + bothNot) * count - byChance) / (count * count - byChance);
}

/**
 * Error rate e of each of two persons who err independently and as often on clean as on other pairs: they agree where both are right or both
 * wrong, 1 - 2e(1 - e).
 *
 * @returns in [0, .5); undefined where they agree in half of the cases or fewer, as by guessing
 */
export function errorRate(observed: number): number | undefined {
  return observed > 0.5 ? (1 - Math.sqrt(2 * observed - 1)) / 2 : undefined;
}

/** The share that persons with an error rate would find as `share`: (r + Sp - 1) / (Se + Sp - 1) with Se = Sp = 1 - e, in [0, 1] (Rogan and Gladen 1978). */
export function trueShare(share: number, error: number): number | undefined {
  return error >= 0.5 ? undefined : Math.min(1, Math.max(0, (share - error) / (1 - 2 * error)));
}

/** The two persons of a comparison are taken in the order of their names, so that with two persons in all it is Cohen's table of the two. */
function tableOf(judged: readonly (readonly PersonVerdict[])[]): AgreementTable & { readonly pairs: number } {
  const table = { bothClean: 0, bothNot: 0, firstClean: 0, secondClean: 0, pairs: 0 };
  for (const verdicts of judged) {
    const sure = verdicts.filter(({ verdict }) => verdict !== "later");
    sure.sort((a, b) => (a.author < b.author ? -1 : a.author > b.author ? 1 : 0));
    if (sure.length > 1) table.pairs += 1;
    for (const [place, first] of sure.entries()) {
      for (const second of sure.slice(place + 1)) table[cellOf(isClean(first), isClean(second))] += 1;
    }
  }
  return table;
}

function isClean({ verdict }: PersonVerdict): boolean {
  return verdict === "true_negative";
}

function cellOf(first: boolean, second: boolean): keyof AgreementTable {
  if (first) return second ? "bothClean" : "firstClean";
  return second ? "secondClean" : "bothNot";
}

function inWords(found: Omit<Agreement, "text">, share: number | undefined, who: string): string {
  const { comparisons, agreement: observed, kappa } = found;
  const times = `${String(comparisons)} ${comparisons === 1 ? "comparison" : "comparisons"}`;
  const sentences = [
    `${who} say the same in ${percent(observed)} of ${times}${kappa === undefined ? "" : `, Cohen's kappa ${kappa.toFixed(2)}`}.`,
  ];
  if (kappa === undefined) sentences.push("All say the same of every pair, so that kappa is not defined.");
  else sentences.push(`${kappaInWords(kappa)} (Landis and Koch 1977).`);
  if (comparisons < fewestForKappa) sentences.push("So few say little yet.");
  return [...sentences, ...sensitivity(observed, share)].join(" ");
}

/** Landis and Koch 1977, "The measurement of observer agreement for categorical data", table in section 3. Their words are a convention. */
function kappaInWords(kappa: number): string {
  if (kappa < 0) return "Poor agreement, below chance";
  if (kappa <= 0.2) return "Slight agreement";
  if (kappa <= 0.4) return "Fair agreement";
  if (kappa <= 0.6) return "Moderate agreement";
  return kappa <= 0.8 ? "Substantial agreement" : "Almost perfect agreement";
}

function sensitivity(observed: number, share: number | undefined): readonly string[] {
  if (share === undefined) return [];
  const error = errorRate(observed);
  const corrected = error === undefined ? undefined : trueShare(share, error);
  if (error === undefined || corrected === undefined)
    return ["Persons who agree no more than by guessing say nothing of the share of false negatives."];
  return [
    `If each errs in ${percent(error)} of pairs, whichever kind, a share of ${percent(share)} not clean would really be ${percent(corrected)} (Rogan and Gladen 1978); no bound takes this into account.`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
