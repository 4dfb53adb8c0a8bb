import { curationDidChange, nextCard, type Lane, type LaneCard, type NextCardAnswer } from "#protocol/curation";
import type { Failure, Outcome } from "#protocol/outcome";
import { showQuery, type DatasetUri, type QueryView } from "#protocol/review";
import { samplerDidAdvance } from "#protocol/sampler";
import type { Host } from "../host";
import { ask } from "./ask";
import type { Pair } from "./saved";

/** What stands in the place of the list while pairs are judged one at a time. */
export type LanePhase =
  | { readonly kind: "asking" }
  | Exclude<NextCardAnswer, { readonly kind: "card" }>
  | { readonly kind: "card"; readonly card: LaneCard }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What the person has done since entering the lanes, for going back. "aside": a mark that leaves the card where it is. */
export type LaneStep = { readonly kind: "mark" | "pass"; readonly card: LaneCard } | { readonly kind: "aside" };

/** A card with the query that it belongs to. */
export interface ShownCard {
  readonly card: LaneCard;
  readonly view: QueryView;
}

/** As the server answers, with the card's query. */
type NextShown = Exclude<NextCardAnswer, { readonly kind: "card" }> | ({ readonly kind: "card" } & ShownCard);

/** So many steps are remembered; earlier ones are still undone, in the list. */
const MOST_STEPS = 200;

/**
 * Judging one pair at a time. While a card is looked at, the one after it is fetched with its query, so that it is there when the verdict
 * is on disk.
 */
export class LaneStore {
  active = $state(false);
  /** The lane that the person has chosen; undefined for the rhythm. */
  wanted = $state<Lane>();
  phase = $state.raw<LanePhase>({ kind: "asking" });
  /** Pairs that were put off: they come last. */
  passedOver = $state.raw<readonly Pair[]>([]);
  steps = $state.raw<readonly LaneStep[]>([]);
  readonly card: LaneCard | undefined = $derived.by(() => (this.active && this.phase.kind === "card" ? this.phase.card : undefined));
  readonly #host: Host;
  #dataset: DatasetUri = "";
  #ahead: ShownCard | undefined;
  /** Rises when what is being fetched ahead is no longer wanted. */
  #generation = 0;

  /** `onAdvanced` is called when a pair may be known that was not while candidates were searched for. */
  constructor(host: Host, onAdvanced: () => void) {
    this.#host = host;
    host.channel.on(samplerDidAdvance, ({ dataset, done, total }) => {
      if (dataset !== this.#dataset || !this.active || this.phase.kind !== "mining") return;
      this.phase = { kind: "mining", done, total };
      onAdvanced();
    });
    host.channel.on(curationDidChange, ({ dataset }) => {
      if (dataset === this.#dataset && this.active && this.phase.kind === "mining") onAdvanced();
    });
  }

  follow(dataset: DatasetUri): void {
    this.#dataset = dataset;
  }

  /** What survives a reload. */
  get saved(): { readonly lane?: Lane; readonly passedOver: readonly Pair[] } {
    return { ...(this.wanted === undefined ? {} : { lane: this.wanted }), passedOver: this.passedOver };
  }

  enter(lane: Lane | undefined): void {
    if (!this.active) this.steps = [];
    this.active = true;
    this.wanted = lane;
    this.phase = { kind: "asking" };
    this.#forgetAhead();
  }

  leave(): void {
    this.active = false;
    this.#forgetAhead();
  }

  show(card: LaneCard): void {
    this.phase = { kind: "card", card };
  }

  /** Takes up the lanes as they were before a reload. */
  restore(lane: Lane | undefined, passedOver: readonly Pair[]): void {
    this.enter(lane);
    this.passedOver = passedOver;
  }

  step(step: LaneStep): void {
    this.steps = [...this.steps, step].slice(-MOST_STEPS);
  }

  stepBack(): void {
    this.steps = this.steps.slice(0, -1);
  }

  judged(card: LaneCard): void {
    this.passedOver = this.passedOver.filter((pair) => !isPair(pair, card));
    this.step({ kind: "mark", card });
  }

  pass(card: LaneCard): void {
    this.passedOver = [...this.passedOver.filter((pair) => !isPair(pair, card)), pairOf(card)];
    this.step({ kind: "pass", card });
  }

  takeBackPass(card: LaneCard): void {
    this.passedOver = this.passedOver.filter((pair) => !isPair(pair, card));
    this.stepBack();
  }

  /** Which pair to judge next, and its query. */
  async next(): Promise<Outcome<NextShown>> {
    return await this.#fetch(this.passedOver);
  }

  /**
   * The card that was fetched ahead, with its place in the stretch counted on from the present card. Undefined where there is none, and
   * where the stretch ends here: which lane comes then only the server knows.
   */
  takeAhead(): ShownCard | undefined {
    const present = this.card;
    const ahead = this.#ahead;
    this.#forgetAhead();
    if (present === undefined || ahead === undefined || isPair(ahead.card, present)) return undefined;
    if (ahead.card.lane !== present.lane || (this.wanted === undefined && present.place >= present.of)) return undefined;
    const left = Math.max(1, present.left - 1);
    // What people or a model judge differently has no stretch: it is counted down.
    const { place, of } =
      ahead.card.lane === "conflicts" || ahead.card.lane === "disagreements"
        ? { place: 1, of: left }
        : { place: (present.place % present.of) + 1, of: present.of };
    return { card: { ...ahead.card, place, of, left }, view: ahead.view };
  }

  /** Keeps a card for when it is wanted again, after an undo has taken the person back from it. */
  keepAhead(shown: ShownCard): void {
    this.#generation += 1;
    this.#ahead = shown;
  }

  /** Fetches the card after the present one. What goes wrong shows when it is asked for in earnest. */
  async fetchAhead(): Promise<void> {
    const present = this.card;
    if (present === undefined) return;
    this.#generation += 1;
    const generation = this.#generation;
    const answer = await this.#fetch([...this.passedOver.filter((pair) => !isPair(pair, present)), pairOf(present)]);
    if (generation === this.#generation && answer.ok && answer.value.kind === "card") this.#ahead = answer.value;
  }

  /** Asks for the place of the card on show, which was counted on and not told. */
  async confirm(): Promise<void> {
    const answer = await ask(this.#host, nextCard, this.#params(this.passedOver));
    const { card } = this;
    if (card !== undefined && answer.ok && answer.value.kind === "card" && isPair(answer.value.card, card)) this.show(answer.value.card);
  }

  async #fetch(passedOver: readonly Pair[]): Promise<Outcome<NextShown>> {
    const answer = await ask(this.#host, nextCard, this.#params(passedOver));
    if (!answer.ok) return answer;
    if (answer.value.kind !== "card") return { ok: true, value: answer.value };
    const { card } = answer.value;
    const view = await ask(this.#host, showQuery, { dataset: this.#dataset, index: card.index, key: card.query });
    return view.ok ? { ok: true, value: { kind: "card", card, view: view.value } } : view;
  }

  #params(passedOver: readonly Pair[]) {
    return {
      dataset: this.#dataset,
      ...(this.wanted === undefined ? {} : { lane: this.wanted }),
      ...(passedOver.length === 0 ? {} : { passedOver }),
    };
  }

  #forgetAhead(): void {
    this.#generation += 1;
    this.#ahead = undefined;
  }
}

export function pairOf({ query, document }: LaneCard): Pair {
  return { query, document };
}

export function isPair(pair: Pair, card: LaneCard): boolean {
  return pair.query === card.query && pair.document === card.document;
}
