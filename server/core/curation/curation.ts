import { auditVerdicts } from "../audit/auditVerdicts";
import type { VerdictOf } from "../audit/auditVerdicts";
import { queriesWithKey } from "../collection/lookups";
import type { VerdictMark } from "../marks/mark";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import type { Failure } from "../util/failure";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { AuditStanding } from "./auditStanding";
import type { AuditPopulation } from "../audit/auditPopulation";
import { askedFirst } from "./askedFirst";
import type { AskedFirst } from "./askedFirst";
import type { AuditProgress } from "./auditProgress";
import { Audits } from "./audits";
import type { AuditsPorts } from "./audits";
import type { CardAnswer, Lane, LaneAnswer, PairKeys } from "./card";
import { nextConflict, openConflicts } from "./conflictsLane";
import { nextDisagreement, openDisagreements } from "./disagreementsLane";
import { harvestLeft, nextHarvest } from "./harvestLane";
import { harvestQueries } from "./harvestQueries";
import type { HarvestQueries } from "./harvestQueries";
import { opinionStanding } from "./opinionAgreement";
import type { OpinionStanding } from "./opinionAgreement";
import { isOpinionShown } from "./opinions";
import { nextStretch, stretchOf } from "./rhythm";
import type { RhythmLane } from "./rhythm";
import { RunningAudit } from "./runningAudit";
import { WholeFileQueue } from "./wholeFileQueue";

export interface CurationPorts extends AuditsPorts {
  /** Told when a lane, the audit or the model may have changed. */
  readonly changed: () => void;
}

export interface CardWish {
  /** Without it the rhythm decides. */
  readonly lane?: Lane;
  /** Pairs that the person passed over; they come last. */
  readonly passedOver?: readonly PairKeys[];
}

/** Where curation stands. */
export interface Standing {
  readonly audit?: AuditStanding;
  /** Absent where no language model has said anything of the data. */
  readonly opinions?: OpinionStanding;
  /** What is wrong with audits that cannot be read. */
  readonly problems: readonly Failure[];
  /** Cards left in each lane; absent where that is not known yet. */
  readonly left: Readonly<Partial<Record<Lane, number>>>;
}

/** The lanes of one data set: which pair to judge next, and what the marks come to. Marks themselves are written elsewhere. */
export class Curation {
  readonly #ports: CurationPorts;
  readonly #queue: WholeFileQueue;
  readonly #audits: Audits;
  #isWanted = false;
  #askedFirst: AskedFirst | undefined;
  #verdicts: { readonly revision: number; readonly of: VerdictOf } | undefined;
  #running: RunningAudit | undefined;

  constructor(ports: CurationPorts) {
    this.#ports = ports;
    this.#audits = new Audits(ports);
    const { session, changed, logger } = ports;
    this.#queue = new WholeFileQueue({ session, changed, logger, verdictOf: () => this.#verdictOf() });
  }

  /** The pair to judge next. After a mark it is answered from what is known; what is known is made anew in the background. */
  async nextCard({ lane, passedOver = [] }: CardWish = {}): Promise<Result<CardAnswer>> {
    this.#isWanted = true;
    if (lane !== undefined) return await this.#card(lane, passedOver);
    const rhythm = this.#rhythm();
    const stretch = nextStretch(this.#history(), rhythm);
    const answer = await this.#cardInRhythm(stretch.lane, passedOver);
    const other = stretch.lane === "harvest" ? "audit" : "harvest";
    if (!answer.ok || answer.value.kind !== "done" || rhythm[other] === 0) return answer;
    const instead = await this.#cardInRhythm(other, passedOver);
    return instead.ok && instead.value.kind === "done" ? answer : instead;
  }

  /** The queries that emit negatives, in the order of the harvest lane. The vectors must be ready. */
  async harvestQueries(): Promise<Result<HarvestQueries>> {
    const step = await this.#queue.renewed();
    if (!step.ok) return step;
    if (step.value.kind === "mining") return ok({ kind: "mining", done: step.value.done, total: step.value.total });
    const { order, emission } = step.value.summary;
    const { collection } = this.#ports.session;
    return ok({ kind: "queries", queries: harvestQueries(order, { collection, emission, verdictOf: this.#verdictOf() }) });
  }

  /** @param quiet whether to answer from what is known, and to search for nothing */
  async standing(quiet = false): Promise<Result<Standing>> {
    if (!quiet) this.#isWanted = true;
    const current = await this.#audits.current();
    if (!current.ok) return current;
    if (!quiet) this.#queue.refresh();
    const { progress, problems } = current.value;
    const followed = await this.#queue.emission();
    const conflicts = openConflicts(this.#conflictsState()).length;
    const harvest = followed === undefined ? {} : { harvest: harvestLeft(followed.emission, this.#judged()) };
    const disagreements = openDisagreements(this.#opinionsState()).length;
    const found = opinionStanding(this.#opinionsState());
    const opinions = found === undefined ? {} : { opinions: found };
    if (progress === undefined) return ok({ ...opinions, problems, left: { ...harvest, second: 0, conflicts, disagreements } });
    const audit = this.#runningAudit(progress);
    return ok({ audit: audit.standing(followed), ...opinions, problems, left: { ...harvest, ...audit.left(), conflicts, disagreements } });
  }

  /** The audit that goes on now; undefined where none has begun. */
  async audit(): Promise<Result<AuditPopulation | undefined>> {
    const current = await this.#audits.current();
    if (!current.ok) return current;
    const { damaged, progress } = current.value;
    return damaged === undefined ? ok(progress?.population) : err(damaged);
  }

  /** Pairs that tests of other settings wait for: the audit's lane asks for them first, in the order of its random numbers. */
  askFirst(pairs: readonly PairKeys[], salt: string): void {
    this.#askedFirst = askedFirst(salt, pairs);
  }

  /** Begins an audit of what is emitted now. The vectors must be ready. */
  async beginAudit(cancellation: Cancellation): Promise<Result<null>> {
    this.#isWanted = true;
    const begun = await this.#audits.begin(cancellation);
    if (!begun.ok) return begun;
    this.#ports.changed();
    return ok(null);
  }

  /** Files of audits came, went or changed. */
  auditsChanged(): void {
    this.#audits.forget();
    if (this.#isWanted) this.#ports.changed();
  }

  /** Some query of the session may look different now. */
  sessionRevised(): void {
    if (!this.#isWanted) return;
    this.#queue.refresh();
    this.#ports.changed();
  }

  /** The session's search for the candidates of the whole file is so far. */
  searchAdvanced(done: number, total: number): void {
    this.#queue.advanced(done, total);
  }

  /** Pairs that a second person is to judge are part of that person's stretch of the audit, and come first in it. */
  async #cardInRhythm(lane: RhythmLane, passedOver: readonly PairKeys[]): Promise<Result<CardAnswer>> {
    const second = lane === "audit" ? await this.#card("second", passedOver) : undefined;
    const isUseful = second?.ok === true && second.value.kind === "card" && !isPassedOver(second.value.card, passedOver);
    return isUseful ? second : await this.#card(lane, passedOver);
  }

  async #card(lane: Lane, passedOver: readonly PairKeys[]): Promise<Result<CardAnswer>> {
    if (lane === "conflicts") return this.#answer(lane, nextConflict({ ...this.#conflictsState(), passedOver }));
    if (lane === "disagreements") return this.#answer(lane, nextDisagreement({ ...this.#opinionsState(), passedOver }));
    return lane === "harvest" ? await this.#harvestCard(passedOver) : await this.#auditCard(lane, passedOver);
  }

  async #harvestCard(passedOver: readonly PairKeys[], look = () => this.#queue.now()): Promise<Result<CardAnswer>> {
    const step = await look();
    if (!step.ok) return step;
    if (step.value.kind === "mining") return ok({ kind: "mining", done: step.value.done, total: step.value.total });
    const { session } = this.#ports;
    const isEmitted = ({ index, document }: { readonly index: number; readonly document: string }): boolean => {
      const mined = session.peek(index);
      const group = session.collection.groupOfKey.get(document);
      return mined === undefined || mined.decision.kept.some((row) => mined.facts.groups[row] === group);
    };
    const { order, emission } = step.value.summary;
    const now = (await this.#queue.emission())?.emission ?? emission;
    const hidesOpinion = (pair: PairKeys): boolean => this.#hidesOpinion(pair);
    const answer = nextHarvest({ order, emission: now }, { ...this.#judged(), isEmitted, hidesOpinion, passedOver });
    // What took the place of removed negatives is in the next queue only.
    const isOver = answer.next === undefined && this.#queue.touched > 0;
    return isOver ? await this.#harvestCard(passedOver, () => this.#queue.renewed()) : this.#answer("harvest", answer);
  }

  async #auditCard(lane: "audit" | "second", passedOver: readonly PairKeys[]): Promise<Result<CardAnswer>> {
    const current = await this.#audits.current();
    if (!current.ok) return current;
    if (current.value.damaged !== undefined) return err(current.value.damaged);
    const { progress } = current.value;
    if (progress === undefined) {
      return lane === "second" ? this.#answer(lane, { left: 0, text: "There is no audit yet." }) : await this.#firstAuditCard(passedOver);
    }
    const audit = this.#runningAudit(progress);
    const answer = lane === "second" ? audit.nextSecond(passedOver) : audit.next(this.#askedFirst, passedOver);
    return this.#answer(lane, answer, progress);
  }

  /** The lane begins an audit where there is none. The candidates are searched for first, so that nobody waits for the whole file without a word. */
  async #firstAuditCard(passedOver: readonly PairKeys[]): Promise<Result<CardAnswer>> {
    const step = await this.#queue.now();
    if (!step.ok) return step;
    if (step.value.kind === "mining") return ok({ kind: "mining", done: step.value.done, total: step.value.total });
    const begun = await this.beginAudit(neverCancelled);
    return begun.ok ? await this.#auditCard("audit", passedOver) : begun;
  }

  #answer(lane: Lane, { next, left, text }: LaneAnswer, progress?: AuditProgress): Result<CardAnswer> {
    const [index] = next === undefined ? [] : queriesWithKey(this.#ports.session.collection, next.query);
    if (next === undefined || index === undefined) return ok({ kind: "done", lane, text });
    const isQueue = lane === "conflicts" || lane === "disagreements";
    const { place, of } = isQueue ? { place: 1, of: left } : stretchOf(rhythmLane(lane), this.#history(), this.#rhythm());
    const blind = lane === "second" || (lane === "audit" && this.#ports.session.config.curation.blind_audit);
    const salt = progress === undefined ? {} : { salt: progress.population.salt };
    const { query, document } = next;
    return ok({ kind: "card", card: { lane, index, query, document, why: text, blind, place, of, left, ...salt } });
  }

  /** What is known of an audit is kept while it stays the same one. */
  #runningAudit(progress: AuditProgress): RunningAudit {
    if (this.#running?.progress === progress) return this.#running;
    const { session, author } = this.#ports;
    this.#running = new RunningAudit(progress, { session, author, verdictOf: () => this.#verdictOf() });
    return this.#running;
  }

  #judged() {
    return { verdictOf: this.#verdictOf(), markedQueries: this.#ports.session.marks.markedQueries() };
  }

  /** Made once for each state of the marks. */
  #verdictOf(): VerdictOf {
    const { revision, marks } = this.#ports.session;
    if (this.#verdicts?.revision !== revision) this.#verdicts = { revision, of: auditVerdicts(marks) };
    return this.#verdicts.of;
  }

  #conflictsState() {
    const { session, author } = this.#ports;
    const { marks, collection } = session;
    return { marks, collection, author, verdicts: (query: number) => session.verdicts(query) };
  }

  #opinionsState() {
    const { session, author } = this.#ports;
    const { marks, suggestions, collection } = session;
    return { marks, suggestions, collection, author };
  }

  /** Of a pair that the person has not judged. */
  #hidesOpinion({ query, document }: PairKeys): boolean {
    const { suggestions, config } = this.#ports.session;
    return suggestions.opinionOf(query, document) !== undefined && !isOpinionShown(config.curation, undefined);
  }

  #rhythm() {
    const { harvest, audit } = this.#ports.session.config.curation;
    return { harvest, audit };
  }

  /** The person's verdicts on this data set: a project may hold several. */
  #history(): readonly VerdictMark[] {
    const { session, author } = this.#ports;
    return session.marks.historyOf(author).filter(({ query }) => queriesWithKey(session.collection, query.key).length > 0);
  }
}

function rhythmLane(lane: "harvest" | "audit" | "second"): RhythmLane {
  return lane === "harvest" ? "harvest" : "audit";
}

function isPassedOver({ query, document }: PairKeys, passedOver: readonly PairKeys[]): boolean {
  return passedOver.some((pair) => pair.query === query && pair.document === document);
}
