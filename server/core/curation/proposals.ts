import type { AuditPopulation } from "../audit/auditPopulation";
import { agreedPairs } from "../calibration/agreedPairs";
import { auditStateOf } from "../calibration/auditStateOf";
import { pairsToAudit } from "../calibration/nearestTrial";
import { noAuditText, sampledText, whyText } from "../calibration/proposalWords";
import { proposeThresholds } from "../calibration/proposeThresholds";
import type { ThresholdTrials } from "../calibration/proposeThresholds";
import type { AuditTarget } from "../audit/auditBound";
import { wantedOf } from "../mining/sourceSettings";
import type { DatasetSession } from "../session/datasetSession";
import { neverCancelled } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { PairKeys } from "./card";

export interface ProposalPorts {
  readonly session: DatasetSession;
  /** The audit that goes on now. */
  readonly audit: () => Promise<Result<AuditPopulation | undefined>>;
  /** Has pairs asked about before the next ones of the audit, since tests wait for them. */
  readonly askFirst: (pairs: readonly PairKeys[], salt: string) => void;
}

/** What marks say about the sampler. */
export interface Proposals extends ThresholdTrials {
  readonly target: AuditTarget;
  /** Why there is none, or no more, and what would help. */
  readonly why: string;
}

export type ProposalStep =
  | ({ readonly kind: "proposals" } & Proposals)
  /** Candidates of the whole file are being searched for. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** So many changed marks have the tests made again; they look at the whole file, and a mark must not wait for that. */
const BATCH = 10;

/** What proposals were made from. */
interface Origin {
  readonly collection: unknown;
  readonly config: unknown;
  readonly model: string | undefined;
  readonly salt: string;
  readonly marks: ReadonlySet<string>;
}

/** The proposals for one data set, made again when enough has changed. */
export class ProposalMaker {
  readonly #ports: ProposalPorts;
  #made: { readonly origin: Origin; readonly proposals: Proposals } | undefined;
  #underWay: { readonly origin: Origin; readonly step: Promise<Result<ProposalStep>> } | undefined;

  constructor(ports: ProposalPorts) {
    this.#ports = ports;
  }

  /**
   * The proposals as they are known: some marks behind at most, never of another configuration. The vectors must be ready.
   *
   * @param isFresh has them made again after a single changed mark
   */
  async now(isFresh: boolean): Promise<Result<ProposalStep>> {
    const audit = await this.#ports.audit();
    if (!audit.ok) return audit;
    if (audit.value === undefined) return ok(this.#withoutAudit());
    const origin = this.#origin(audit.value.salt);
    const made = this.#made;
    if (made !== undefined && isCurrent(made.origin, origin, isFresh ? 1 : BATCH)) return ok({ kind: "proposals", ...made.proposals });
    const underWay = this.#underWay;
    if (underWay !== undefined && isCurrent(underWay.origin, origin, isFresh ? 1 : BATCH)) return await underWay.step;
    // What is under way for a configuration or marks of before ends first, so that the newest is kept.
    const before = underWay?.step.catch(() => undefined) ?? Promise.resolve();
    const population = audit.value;
    const step = before
      .then(() => this.#make(population, origin))
      .finally(() => {
        if (this.#underWay?.step === step) this.#underWay = undefined;
      });
    this.#underWay = { origin, step };
    return await step;
  }

  #withoutAudit(): ProposalStep {
    const { sources, collection } = this.#ports.session;
    const target = this.#target();
    const why = noAuditText(wantedOf(sources) * collection.queries.length, target);
    return { kind: "proposals", proposals: [], trials: [], simans: [], isRescored: false, target, why };
  }

  async #make(population: AuditPopulation, origin: Origin): Promise<Result<ProposalStep>> {
    const { session, askFirst } = this.#ports;
    const step = await session.settingTrials.file(population.salt, neverCancelled);
    if (!step.ok) return step;
    if (step.value.kind === "mining") return ok({ kind: "mining", done: step.value.done, total: step.value.total });
    const marks = session.marks.snapshot();
    const target = this.#target();
    const trials = await proposeThresholds(step.value.summary, auditStateOf(population, marks), agreedPairs(marks), target);
    const why = [whyText(trials, target), sampledText(step.value.sampled, step.value.queries)].filter((said) => said !== "").join(" ");
    askFirst(pairsToAudit(trials), population.salt);
    const proposals = { ...trials, target, why };
    this.#made = { origin, proposals };
    return ok({ kind: "proposals", ...proposals });
  }

  #target(): AuditTarget {
    const { max_false_negatives, confidence } = this.#ports.session.config.curation;
    return { maxFalseNegatives: max_false_negatives, confidence };
  }

  #origin(salt: string): Origin {
    const { collection, config, status, marks } = this.#ports.session;
    return { collection, config, model: status.model?.fingerprint, salt, marks: new Set(marks.inForce().map(({ mark }) => mark)) };
  }
}

function isCurrent(made: Origin, now: Origin, changes: number): boolean {
  const isSame = made.collection === now.collection && made.config === now.config && made.model === now.model && made.salt === now.salt;
  return isSame && changesBetween(made.marks, now.marks) < changes;
}

/** Marks that are in force in one of two moments and not in the other. */
function changesBetween(before: ReadonlySet<string>, now: ReadonlySet<string>): number {
  const came = [...now].filter((mark) => !before.has(mark)).length;
  return came + before.size - (now.size - came);
}
