import type { VerdictOf } from "../audit/auditVerdicts";
import type { Collection } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { DatasetSession } from "../session/datasetSession";
import { nextAskedFirst } from "./askedFirst";
import type { AskedFirst } from "./askedFirst";
import { auditLeft, nextAudited } from "./auditLane";
import type { AuditProgress } from "./auditProgress";
import { auditStanding } from "./auditStanding";
import type { AuditStanding } from "./auditStanding";
import type { Lane, LaneAnswer, PairKeys } from "./card";
import { EmissionDifference } from "./emissionChange";
import { nextSecond, seconds } from "./secondLane";
import type { FollowedEmission } from "./wholeFileQueue";

export interface RunningAuditPorts {
  readonly session: DatasetSession;
  /** Who judges, and for whom some pairs are a second look. */
  readonly author: string;
  /** The verdicts in force now. */
  readonly verdictOf: () => VerdictOf;
}

/** What the audit and the present emission have not in common. */
interface DifferenceSoFar {
  readonly between: EmissionDifference;
  /** What it rests on: the pairs that are gone, which are made for a state of the data, and the look at the whole file. */
  readonly gone: ReadonlySet<number>;
  readonly queries: ReadonlySet<string>;
  /** How many of the followed queries it knows of. */
  readonly followed: number;
}

/** One audit held against the data and the marks of now: which of its pairs is next, and where it stands. */
export class RunningAudit {
  readonly progress: AuditProgress;
  readonly #ports: RunningAuditPorts;
  /** Places in the order of pairs whose texts are not in a collection. */
  #gone: { readonly collection: Collection; readonly places: ReadonlySet<number> } | undefined;
  #difference: DifferenceSoFar | undefined;

  constructor(progress: AuditProgress, ports: RunningAuditPorts) {
    this.progress = progress;
    this.#ports = ports;
  }

  /** The next pair of the audit: of those that tests of other settings wait for, and then of its own order. */
  next(asked: AskedFirst | undefined, passedOver: readonly PairKeys[]): LaneAnswer {
    const { progress } = this;
    const gone = this.#takeIn();
    const first = nextAskedFirst(this.#openAskedFirst(asked), passedOver, auditLeft(progress, gone));
    return first ?? nextAudited({ progress, gone, isPutOff: (pair) => this.#isPutOff(pair), passedOver });
  }

  /** The next pair that waits for this person as the second one. */
  nextSecond(passedOver: readonly PairKeys[]): LaneAnswer {
    return nextSecond({ ...this.#secondState(), isPutOff: (pair) => this.#isPutOff(pair), passedOver });
  }

  /** Cards left in its lanes. */
  left(): Readonly<Record<Extract<Lane, "audit" | "second">, number>> {
    const state = this.#secondState();
    return { audit: auditLeft(this.progress, state.gone), second: seconds(state).length };
  }

  /** @param followed what is emitted now, where that is known */
  standing(followed: FollowedEmission | undefined): AuditStanding {
    const gone = this.#takeIn();
    const { session } = this.#ports;
    const { max_false_negatives: maxFalseNegatives, confidence } = session.config.curation;
    return auditStanding({
      progress: this.progress,
      gone,
      target: { maxFalseNegatives, confidence },
      marks: session.marks,
      ...(followed === undefined ? {} : { difference: this.#differenceFrom(gone, followed) }),
    });
  }

  /** Made once for a look at the whole file, and followed from mark to mark. */
  #differenceFrom(gone: ReadonlySet<number>, { emission, followed }: FollowedEmission): EmissionDifference {
    const known = this.#difference;
    // A list of followed queries that is no longer, or not longer, belongs to another look.
    const isSame = known?.gone === gone && known.queries === emission.queries && known.followed <= followed.length;
    const between = isSame ? known.between : new EmissionDifference(this.progress, emission, gone);
    if (isSame) for (const query of followed.slice(known.followed)) between.look(query, emission);
    this.#difference = { gone, queries: emission.queries, followed: followed.length, between };
    return between;
  }

  /** Brings the audit up to the marks of now. @returns places in its order of pairs whose texts are not in the data */
  #takeIn(): ReadonlySet<number> {
    const { progress } = this;
    const { collection, marks } = this.#ports.session;
    progress.update(marks);
    if (this.#gone?.collection !== collection) {
      const places = new Set(
        [...progress.order.keys()].filter((place) => !this.#isInData(progress.order[place]?.pair ?? { query: "", document: "" })),
      );
      this.#gone = { collection, places };
    }
    return this.#gone.places;
  }

  /** Pairs that are to be asked for first, are without a verdict and in the data, and were not put off. */
  #openAskedFirst(asked: AskedFirst | undefined): readonly PairKeys[] {
    const pairs = asked?.salt === this.progress.population.salt ? asked.pairs : [];
    const verdictOf = this.#ports.verdictOf();
    return pairs.filter((pair) => this.#isInData(pair) && verdictOf(pair) === undefined && !this.#isPutOff(pair));
  }

  #isInData({ query, document }: PairKeys): boolean {
    const { collection } = this.#ports.session;
    return collection.groupOfKey.has(document) && queriesWithKey(collection, query).length > 0;
  }

  #secondState() {
    const { session, author } = this.#ports;
    return { progress: this.progress, gone: this.#takeIn(), author, share: session.config.curation.double_mark_share };
  }

  #isPutOff({ query, document }: PairKeys): boolean {
    const { session, author } = this.#ports;
    const own = session.marks.ofQuery(query).find((mark) => mark.author === author && mark.document?.key === document);
    return own?.verdict === "later";
  }
}
