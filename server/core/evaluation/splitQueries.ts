import { hash128 } from "../util/random";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

/** What decides where a query goes. */
export interface SplitSettings {
  /** `training.seed`. */
  readonly seed: number;
  /** `training.validation_share`, from 0. */
  readonly validationShare: number;
  /** `training.test_share`, from 0. */
  readonly testShare: number;
}

/** Positions in the list that was split, ascending. Queries without a positive are in none. */
export interface QuerySplit {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

/** A query to be split: `Query` is one. */
export interface SplitQuery {
  /** Text key. */
  readonly key: string;
  /** Only those that have any take part. */
  readonly positives: readonly unknown[];
}

/** A query alone has no others to be told apart from in its batch. */
const FEWEST_TRAINED = 2;
/** From a single query, training would stop by chance. */
const FEWEST_VALIDATED = 2;

/**
 * Splits queries, never pairs, so that nothing of a held-out query is seen in training. Queries of one text stay together. The texts are put
 * in the order of the hash of seed and text key and cut twice: test first, then validation, then the rest for training, each share rounded
 * to whole texts. So the order of the file does not matter, and a query that comes or goes elsewhere moves at most the texts at a cut.
 */
export function splitQueries(queries: readonly SplitQuery[], settings: SplitSettings): Result<QuerySplit> {
  const texts = textsInHashOrder(queries, settings.seed);
  const tested = Math.round(texts.length * settings.testShare);
  const validated = Math.round(texts.length * settings.validationShare);
  const flaw = flawOf(texts.length, { tested, validated }, settings);
  if (flaw !== undefined) return err({ reason: "bad-arguments", ...flaw });
  const part = (from: number, to?: number): readonly number[] =>
    texts
      .slice(from, to)
      .flat()
      .sort((a, b) => a - b);
  return ok({ test: part(0, tested), validation: part(tested, tested + validated), train: part(tested + validated) });
}

/** Positions of the queries of each text. */
function textsInHashOrder(queries: readonly SplitQuery[], seed: number): readonly (readonly number[])[] {
  const positions = new Map<string, number[]>();
  for (const [i, { key, positives }] of queries.entries()) {
    if (positives.length === 0) continue;
    const known = positions.get(key);
    if (known === undefined) positions.set(key, [i]);
    else known.push(i);
  }
  const hashed = [...positions].map(([key, own]) => ({ key, own, hash: hash128(`${String(seed)}:split:${key}`) }));
  hashed.sort((a, b) => a.hash[0] - b.hash[0] || a.hash[1] - b.hash[1] || (a.key < b.key ? -1 : 1));
  return hashed.map(({ own }) => own);
}

interface Flaw {
  readonly message: string;
  readonly nextStep: string;
}

function flawOf(
  texts: number,
  { tested, validated }: { readonly tested: number; readonly validated: number },
  { validationShare, testShare }: SplitSettings,
): Flaw | undefined {
  if (texts === 0) return { message: "No query has a positive, so there is nothing to learn from.", nextStep: "Add positives first." };
  if (texts === 1)
    return { message: "Only one query has a positive, and training needs at least 2.", nextStep: "Add queries with positives." };
  const of = `of ${String(texts)} queries with positives`;
  if (testShare > 0 && tested === 0) {
    return {
      message: `training.test_share is ${String(testShare)}, but ${of} that is less than half a query, so none is left to test on.`,
      nextStep: "Set training.test_share to 0 to train without a comparison, raise it, or add queries.",
    };
  }
  if (validationShare > 0 && validated < FEWEST_VALIDATED) {
    return {
      message: `training.validation_share is ${String(validationShare)}, but ${of} that leaves ${String(validated)} for validation, and at least ${String(FEWEST_VALIDATED)} are needed.`,
      nextStep: "Set training.validation_share to 0 to train to the end without early stopping, raise it, or add queries.",
    };
  }
  if (texts - tested - validated < FEWEST_TRAINED) {
    return {
      message: `${of.replace("of ", "Of ")}, training.validation_share ${String(validationShare)} and training.test_share ${String(testShare)} leave ${String(Math.max(0, texts - tested - validated))} to train on, and at least ${String(FEWEST_TRAINED)} are needed.`,
      nextStep: "Lower one of the shares, or add queries.",
    };
  }
  return undefined;
}
