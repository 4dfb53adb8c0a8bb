import { auditOrder } from "#core/audit/auditOrder";
import { pairName } from "#core/audit/auditPair";
import { shareLeft, upperBound } from "#core/audit/upperBound";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { Workbench } from "../judged/workbench";
import { Curator } from "./curator";
import { curationSplitOf } from "./curationSplit";
import { configOf, ERRORS } from "./guardRates";
import { emittedPairs, populationOf } from "./marking";
import type { OpenPair } from "./marking";
import { measuredSampler } from "./samplers";

/** Random orders, each an audit of its own. */
const SALTS = 500;
/** Marks after which nobody looks any more. */
const LOOKS = 400;
const CONFIDENCE = 0.95;
/** Shares that are certified. */
export const TARGETS = [0.05, 0.1] as const;

/** How audits of one population by curators with one rate of errors came out. */
export interface CoverageRow {
  readonly sampler: string;
  readonly pairs: number;
  /** Share that is not clean: false negatives, and where a pool was judged what nobody knows. */
  readonly share: number;
  readonly errors: number;
  /** Share of the audits whose bound was below the truth after some mark. */
  readonly missed: number;
  readonly targets: readonly TargetOutcome[];
}

interface TargetOutcome {
  /** Share of the audits that reached the target, the median of their marks, and the share of all whose bound was then below the truth. */
  readonly certified: number;
  readonly medianMarks: number | null;
  readonly below: number;
}

const samplers: Readonly<Record<string, Partial<SamplerConfig>>> = {
  "top 5": {},
  "top 5, guard 0.05": { max_fn_probability: 0.05 },
};

/** Audits of what the collection emits before any mark, looked at after every mark. */
export async function coverageRows(bench: Workbench, seed: number): Promise<readonly CoverageRow[]> {
  const split = curationSplitOf(bench.judged, seed);
  const labelled = new Map([...split.marked, ...split.heldOut].map((one) => [one.query, one.labelled]));
  await bench.enter(bench.judged.whole.queries.map((_, query) => labelled.get(query) ?? []));
  const rows: CoverageRow[] = [];
  for (const [sampler, setting] of Object.entries(samplers)) {
    await bench.use(configOf(measuredSampler(setting)));
    const pairs = emittedPairs(await bench.mineAll(), bench, new Set(labelled.keys()));
    for (const errors of ERRORS) rows.push(coverageRow(sampler, pairs, { bench, errors, seed }));
  }
  return rows;
}

function coverageRow(
  sampler: string,
  pairs: readonly OpenPair[],
  { bench, errors, seed }: { readonly bench: Workbench; readonly errors: number; readonly seed: number },
): CoverageRow {
  const truth = new Curator(bench.judged, { errors: 0, seed });
  const curator = new Curator(bench.judged, { errors, seed });
  const unclean = new Set(pairs.filter(({ index, passage }) => truth.answer(index, passage) !== "true_negative").map(pairName));
  const said = new Set(pairs.filter(({ index, passage }) => curator.answer(index, passage) !== "true_negative").map(pairName));
  const audits = Array.from({ length: SALTS }, (_, salt) => audit(pairs, { said, unclean, salt: `coverage ${String(salt)}` }));
  return {
    sampler,
    pairs: pairs.length,
    share: unclean.size / pairs.length,
    errors,
    missed: shareOf(audits, ({ missed }) => missed),
    targets: TARGETS.map((_, at) => {
      const reached = audits.flatMap(({ certificates }) => certificates[at] ?? []);
      const marks = reached.map((one) => one.marks).sort((a, b) => a - b);
      return {
        certified: reached.length / audits.length,
        medianMarks: marks[Math.floor(marks.length / 2)] ?? null,
        below: reached.filter(({ isBelow }) => isBelow).length / audits.length,
      };
    }),
  };
}

interface Certificate {
  readonly marks: number;
  /** Whether the share that it states is below the true one of what is left. */
  readonly isBelow: boolean;
}

interface Audit {
  readonly missed: boolean;
  /** By target; undefined where it was not reached. */
  readonly certificates: readonly (Certificate | undefined)[];
}

interface Verdicts {
  /** Names of the pairs that the curator calls anything but a true negative, and of those that are no true negatives. */
  readonly said: ReadonlySet<string>;
  readonly unclean: ReadonlySet<string>;
  readonly salt: string;
}

function audit(pairs: readonly OpenPair[], { said, unclean, salt }: Verdicts): Audit {
  const order = auditOrder(populationOf(pairs, salt));
  const certificates: (Certificate | undefined)[] = TARGETS.map(() => undefined);
  let [found, removed, missed] = [0, 0, false];
  for (let marked = 1; marked <= Math.min(LOOKS, order.length); marked += 1) {
    const name = pairName(order[marked - 1]!.pair);
    if (said.has(name)) found += 1;
    if (said.has(name) && unclean.has(name)) removed += 1;
    const bound = upperBound({ population: order.length, marked, falseNegatives: found }, CONFIDENCE);
    const stated = shareLeft({ bound, found, size: order.length - found });
    const isBelow = stated < (unclean.size - removed) / (order.length - found) - 1e-12;
    missed ||= isBelow;
    for (const [at, target] of TARGETS.entries()) {
      if (stated <= target) certificates[at] ??= { marks: marked, isBelow };
    }
  }
  return { missed, certificates };
}

function shareOf<T>(items: readonly T[], fits: (item: T) => boolean): number {
  return items.filter(fits).length / items.length;
}
