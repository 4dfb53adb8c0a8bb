import type { AuditCount } from "#core/audit/auditBound";
import { logChoose } from "#core/audit/logGamma";
import { upperBound } from "#core/audit/upperBound";
import { seededRandom } from "#core/util/random";

/** A way to say after some marks that a file holds no more false negatives than the target allows. */
export const BOUND_METHODS = ["prior-posterior ratio", "Clopper-Pearson", "hypergeometric"] as const;
export type BoundMethod = (typeof BOUND_METHODS)[number];

export interface ValidityOptions {
  /** Simulated files of each size. */
  readonly files: number;
  /** Pairs in a file. */
  readonly populations: readonly number[];
  /** Marks after which nobody looks any more, or all pairs where these are fewer. */
  readonly looks: number;
  /** Share of false negatives that is certified, and the confidence. */
  readonly target: number;
  readonly confidence: number;
  readonly seed: number;
}

export const fullValidity: ValidityOptions = {
  files: 2000,
  populations: [200, 500, 2000, 20_000],
  looks: 500,
  target: 0.05,
  confidence: 0.95,
  seed: 1,
};

export interface ValidityRow {
  readonly population: number;
  /** False negatives in each file: one more than the target allows. */
  readonly falseNegatives: number;
  readonly method: BoundMethod;
  /** Share of the simulated files that got a certificate, which is false, at one of the looks. */
  readonly certified: number;
  /** The probability of that, summed over all orders. */
  readonly exact: number;
  /** The same where one looks only once, after the marks that suffice if none is false. */
  readonly onceExact: number;
}

/**
 * Files that just violate the target, marked in random order and looked at after every mark: how often each method says that they do not. The
 * two naive ones are limits for a number of marks that was fixed before.
 */
export function validityTable(options: ValidityOptions = fullValidity): readonly ValidityRow[] {
  return options.populations.flatMap((population) => {
    const falseNegatives = Math.floor(options.target * population) + 1;
    const looks = Math.min(options.looks, population);
    const rules = BOUND_METHODS.map((method) => certifies(method, { ...options, population, looks }));
    const firsts = simulate({ population, falseNegatives, looks, files: options.files, seed: options.seed }, rules);
    return BOUND_METHODS.map((method, i): ValidityRow => {
      const rule = rules[i] ?? never;
      return {
        population,
        falseNegatives,
        method,
        certified: (firsts[i] ?? 0) / options.files,
        exact: probability({ population, falseNegatives, looks }, rule),
        onceExact: atOneLook({ population, falseNegatives, looks }, rule),
      };
    });
  });
}

/** The table for people, in Markdown. */
export function validityText(rows: readonly ValidityRow[]): string {
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    "| pairs | false | method | certified falsely | probability | looked at once |",
    "| ---: | ---: | --- | ---: | ---: | ---: |",
    ...rows.map(
      (row) =>
        `| ${String(row.population)} | ${String(row.falseNegatives)} | ${row.method} | ${share(row.certified)} | ${share(row.exact)} | ${share(row.onceExact)} |`,
    ),
  ].join("\n");
}

export interface EffortRow {
  readonly population: number;
  readonly rate: number;
  /** Marks until the certificate in half of the files; undefined where half of them have none after all looks. */
  readonly median: number | undefined;
}

/** How many marks it takes until the target is shown, where the file is better than the target. */
export function effortTable(
  rates: readonly number[],
  { populations, looks, target, confidence }: Omit<ValidityOptions, "files" | "seed"> = fullValidity,
): readonly EffortRow[] {
  return populations.flatMap((population) =>
    rates.map((rate): EffortRow => {
      const file = { population, falseNegatives: Math.round(rate * population), looks: Math.min(looks, population) };
      const rule = certifies("prior-posterior ratio", { population, looks: file.looks, target, confidence });
      let median: number | undefined;
      probability(file, rule, (marked, soFar) => {
        if (soFar >= 0.5) median ??= marked;
      });
      return { population, rate, median };
    }),
  );
}

/** Whether the target counts as shown after so many marks with so many false ones. */
type Rule = (marked: number, falseNegatives: number) => boolean;

const never: Rule = () => false;

interface RuleOptions extends Pick<ValidityOptions, "target" | "confidence" | "looks"> {
  readonly population: number;
}

function certifies(method: BoundMethod, options: RuleOptions): Rule {
  const known = new Map<number, boolean>();
  return (marked, falseNegatives) => {
    const key = marked * (options.looks + 1) + falseNegatives;
    const found = known.get(key) ?? decided(method, { population: options.population, marked, falseNegatives }, options);
    known.set(key, found);
    return found;
  };
}

function decided(method: BoundMethod, count: AuditCount, { target, confidence }: RuleOptions): boolean {
  const { population, marked, falseNegatives } = count;
  const allowed = Math.floor(target * population);
  switch (method) {
    case "prior-posterior ratio":
      return upperBound(count, confidence) <= allowed;
    case "Clopper-Pearson":
      // The limit lies at or below the target where so few false ones are this unlikely at the target (Clopper and Pearson 1934).
      return sumUpTo(falseNegatives, (k) => binomial(k, marked, target)) <= 1 - confidence;
    case "hypergeometric":
      return sumUpTo(falseNegatives, (k) => hypergeometric(k, { population, total: allowed + 1, marked })) <= 1 - confidence;
  }
}

function sumUpTo(last: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k <= last; k += 1) sum += term(k);
  return sum;
}

function binomial(k: number, n: number, p: number): number {
  return Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

interface Urn {
  readonly population: number;
  readonly total: number;
  readonly marked: number;
}

function hypergeometric(k: number, { population, total, marked }: Urn): number {
  return Math.exp(logChoose(total, k) + logChoose(population - total, marked - k) - logChoose(population, marked));
}

interface SimulatedFile {
  readonly population: number;
  readonly falseNegatives: number;
  readonly looks: number;
}

/** For each rule, the number of files that it certifies at one of the looks. */
function simulate(file: SimulatedFile & { readonly files: number; readonly seed: number }, rules: readonly Rule[]): readonly number[] {
  const certified = rules.map(() => 0);
  for (let number = 0; number < file.files; number += 1) {
    const random = seededRandom(`${String(file.seed)}:validity:${String(file.population)}:${String(number)}`);
    const done = rules.map(() => false);
    let found = 0;
    for (let marked = 1; marked <= file.looks; marked += 1) {
      // Drawn without replacement: the next is false with the share of the false ones among those left.
      if (random() * (file.population - marked + 1) < file.falseNegatives - found) found += 1;
      for (const [i, rule] of rules.entries()) done[i] = done[i] === true || rule(marked, found);
    }
    for (const [i, isDone] of done.entries()) if (isDone) certified[i] = (certified[i] ?? 0) + 1;
  }
  return certified;
}

/** Numbers of false ones that are less likely than this are not asked about: all of them together change no digit that is shown. */
const NEGLIGIBLE = 1e-12;

/** The probability that a rule certifies at one of the looks, over all orders; `onLook` is told what it has come to. */
function probability(
  { population, falseNegatives, looks }: SimulatedFile,
  rule: Rule,
  onLook: (marked: number, soFar: number) => void = () => undefined,
): number {
  /** By the number of false ones found: the probability to be there without a certificate. */
  let standing = [1];
  let certified = 0;
  for (let marked = 1; marked <= looks; marked += 1) {
    const left = population - marked + 1;
    const next = new Array<number>(standing.length + 1).fill(0);
    for (const [found, chance] of standing.entries()) {
      const share = (falseNegatives - found) / left;
      next[found + 1] = (next[found + 1] ?? 0) + chance * share;
      next[found] = (next[found] ?? 0) + chance * (1 - share);
    }
    for (const [found, chance] of next.entries()) {
      if (chance < NEGLIGIBLE || !rule(marked, found)) continue;
      certified += chance;
      next[found] = 0;
    }
    standing = next;
    onLook(marked, certified);
  }
  return certified;
}

/** The probability of a certificate where the number of marks is fixed before: as many as suffice if none is false. */
function atOneLook({ population, falseNegatives, looks }: SimulatedFile, rule: Rule): number {
  const marked = Array.from({ length: looks }, (_, i) => i + 1).find((n) => rule(n, 0));
  if (marked === undefined) return 0;
  return sumUpTo(marked, (k) => (rule(marked, k) ? hypergeometric(k, { population, total: falseNegatives, marked }) : 0));
}
