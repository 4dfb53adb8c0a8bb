import { panelCommand, panelReady, revealPlace, showLine, type PanelCommand, type PanelStart } from "#protocol/host";
import type { Failure, Outcome, Place } from "#protocol/outcome";
import { openReview, reviewDidChange, showQuery, stepQuery, type QueryView, type Verdict } from "#protocol/review";
import type { Host } from "../host";
import { strings } from "../strings";
import { trainingStrings } from "../trainingStrings";
import { AfterMark } from "./afterMark.svelte";
import { AlertStore, type Alert } from "./alerts.svelte";
import { ask, tell } from "./ask";
import { findCard, laneRows, neighbour, openCount, rowsOf, settle, type Row } from "./cards";
import { CommandQueue, type JobEnd } from "./commandQueue";
import { CurationStore } from "./curation.svelte";
import { Freshness } from "./freshness";
import { GradientStore } from "./gradients.svelte";
import { LaneStore } from "./lanes.svelte";
import { askAgain, backToList, resumeLanes } from "./laneActions";
import { OpinionStore } from "./opinions.svelte";
import { Plan } from "./plan";
import { ProposalStore } from "./proposal.svelte";
import { SamplerStore } from "./sampler.svelte";
import { readSaved, restoreState, stateOf, type SavedState } from "./saved";
import { SeenOpinions } from "./seenOpinions";
import { accept } from "./shownQuery";
import { SIDE_VIEWS, type SideViewName } from "./sideViews";
import { StatusStore } from "./status.svelte";
import { TrainingStore } from "./training.svelte";

/**
 * The review of one data set: the query on show, the current card, and what is under way. Everything that reads or changes the server's
 * state goes through one queue, so that keys act in the order in which they were pressed.
 */
export class Review {
  readonly status: StatusStore;
  readonly proposal: ProposalStore;
  readonly sampler: SamplerStore;
  readonly gradients: GradientStore;
  readonly training: TrainingStore;
  readonly curation: CurationStore;
  readonly opinions: OpinionStore;
  readonly lanes: LaneStore;
  readonly afterMark: AfterMark;
  readonly plan = new Plan();
  readonly seen = new SeenOpinions();
  view = $state.raw<QueryView>();
  /** Why the data set could not be opened. */
  failure = $state.raw<Failure>();
  currentId = $state<string>();
  /** The card whose mark is being written, and the verdict. */
  pending = $state.raw<{ readonly id: string; readonly verdict: Verdict }>();
  dataset = $state("");
  singleKeys = $state(true);
  showDropped = $state(false);
  overlap = $state(true);
  blind = $state(false);
  scroll = $state(0);
  /** Shown in the footer and read aloud. */
  said = $state("");
  waiting = $state(0);
  /** Rises when the focus belongs on the current card. */
  focusAsked = $state(0);
  readonly rows: readonly Row[] = $derived.by(() => {
    if (this.view === undefined) return [];
    return this.lanes.active ? laneRows(this.view, this.lanes.card) : rowsOf(this.view, this.showDropped);
  });
  readonly current = $derived(findCard(this.rows, this.currentId));
  /** Whether score, rank, source, suspicion and reason are hidden: by the switch, or since the pair is to be judged so. */
  readonly blindNow = $derived.by(() => this.blind || this.lanes.card?.blind === true);
  /** The view that stands beside the candidates, or in their place. */
  readonly side: SideViewName | undefined = $derived.by(() => SIDE_VIEWS.find((name) => this[name].open));
  readonly host: Host;
  readonly #queue = new CommandQueue(() => {
    this.waiting = this.#queue.waiting;
  });
  readonly #freshness = new Freshness(this, (job) => this.#queue.push(job, true));
  readonly #alerts = new AlertStore();
  #firstCommand: PanelCommand | undefined;

  constructor(host: Host) {
    this.host = host;
    this.status = new StatusStore(host);
    this.proposal = new ProposalStore(host);
    this.sampler = new SamplerStore(host);
    this.gradients = new GradientStore(host);
    this.training = new TrainingStore(host, () => this.say(trainingStrings.saidEnded));
    this.curation = new CurationStore(host);
    this.opinions = new OpinionStore(host, { say: (text) => this.say(text), seen: this.seen });
    this.lanes = new LaneStore(host, () => askAgain(this));
    this.afterMark = new AfterMark(host);
    host.channel.on(reviewDidChange, ({ dataset, revision }) => {
      if (dataset === this.dataset) this.refresh(revision);
    });
    host.channel.on(panelCommand, ({ command }) => {
      if (this.view === undefined) this.#keepForLater(command);
    });
    host.channel.on(showLine, ({ dataset, line }) => {
      if (dataset === this.dataset) this.goTo(() => ask(host, openReview, { dataset, line }));
    });
  }

  /** Says hello to the extension and opens the data set that it names; after a reload, where the person was. */
  async start(): Promise<void> {
    this.failure = undefined;
    const start = await tell(this.host, panelReady, {}, (failure) => {
      this.failure = failure;
    });
    if (start === undefined) return;
    this.dataset = start.dataset;
    this.singleKeys = start.singleKeys;
    if (start.command !== undefined) this.#keepForLater(start.command);
    void this.status.follow(start.dataset);
    this.training.follow(start.dataset);
    this.curation.follow(start.dataset);
    this.opinions.follow(start.dataset);
    this.lanes.follow(start.dataset);
    this.afterMark.follow(start.dataset);
    const saved = readSaved(this.host.saved());
    await this.#open(start, saved?.dataset === start.dataset ? saved : undefined);
  }

  /** What survives a reload. */
  get state(): SavedState {
    return stateOf(this);
  }

  /** What was asked of the panel before it had a query to show; asked for once. */
  takeFirstCommand(): PanelCommand | undefined {
    const command = this.#firstCommand;
    this.#firstCommand = undefined;
    return command;
  }

  say(text: string): void {
    this.said = text;
  }

  /** Opens a view beside the candidates in the place of another one, and puts the focus on it. */
  showSide(name: SideViewName): void {
    if (this.side !== name) this.hideSide();
    this[name].show(this.dataset);
  }

  /** Closes the view beside the candidates. */
  hideSide(): void {
    if (this.side !== undefined) this[this.side].hide();
  }

  /** Puts work behind what is under way. Refused while a failed mark waits for a decision, and said so. */
  enqueue(job: () => Promise<JobEnd>): boolean {
    if (this.#queue.held) {
      this.say(strings.saidHeld);
      return false;
    }
    this.#queue.push(job);
    return true;
  }

  /** The plan for a key pressed now. */
  planned(): Plan {
    if (this.#queue.quiet) this.plan.restart(this.currentId);
    return this.plan;
  }

  /** What went wrong and waits for the person. */
  get alert(): Alert | undefined {
    return this.#alerts.current;
  }

  /** Stops the queue on a failure until the person retries or discards. */
  hold(title: string, failure: Failure): JobEnd {
    const discard = (): void => {
      this.#queue.clear();
      this.focusAsked += 1;
    };
    this.#alerts.hold(title, failure, () => this.#queue.resume(), discard);
    return "hold";
  }

  /** Gives up what was pressed ahead. */
  forgetKeys(): void {
    this.#queue.clear();
  }

  /** Reports a failure that nothing waits for. */
  report(title: string, failure: Failure, retry: () => void): void {
    this.#alerts.report(title, failure, retry);
  }

  /** Goes to the next or previous query that has work left. */
  step(direction: 1 | -1): void {
    this.goTo(() => {
      const { dataset, view } = this;
      return ask(this.host, stepQuery, { dataset, index: view?.index ?? 0, direction, onlyOpen: true });
    });
  }

  /** Goes to a query by its position, from 0. */
  jump(index: number): void {
    this.goTo(() => ask(this.host, showQuery, { dataset: this.dataset, index }));
  }

  /** Goes to a candidate of a query, by the query's position and the passage's key; where it was dropped, the dropped are shown. */
  jumpTo(index: number, key: string): void {
    this.goTo(() => ask(this.host, showQuery, { dataset: this.dataset, index }), key);
  }

  /** Shows the query that a request answers, when its turn has come; on the wanted card, if one is named. */
  goTo(request: () => Promise<Outcome<QueryView>>, wanted?: string): void {
    this.planned().lose();
    this.enqueue(async () => {
      const answer = await request();
      if (!answer.ok) return this.hold(strings.actionFailed, answer.failure);
      // Somebody who asks for a query wants to see all of it.
      if (this.lanes.active) backToList(this);
      this.afterMark.clear();
      const moved = answer.value.key !== this.view?.key;
      if (wanted !== undefined && answer.value.dropped.some((candidate) => candidate.key === wanted)) this.showDropped = true;
      accept(this, answer.value, wanted);
      const { index, total } = answer.value;
      // Named by a plot that is older than the list.
      if (wanted !== undefined && this.currentId !== wanted) this.say(strings.saidNoSuchCard);
      else this.say(moved ? strings.saidQuery(index + 1, total, openCount(answer.value)) : strings.saidNoFurther);
      this.focusAsked += 1;
      return "done";
    });
  }

  /** Goes to the next or previous card. */
  move(step: 1 | -1): void {
    this.planned().move(this.rows, step);
    this.enqueue(() => {
      this.currentId = neighbour(this.rows, this.currentId, step);
      this.focusAsked += 1;
      return Promise.resolve("done");
    });
  }

  /** Makes a card current that was clicked. */
  select(id: string): void {
    if (id === this.currentId && this.#queue.quiet) return;
    this.planned().go(id);
    this.enqueue(() => {
      this.currentId = findCard(this.rows, id)?.id ?? this.currentId;
      this.focusAsked += 1;
      return Promise.resolve("done");
    });
  }

  /** Shows or hides the dropped candidates; the current card stays where it can. */
  toggleDropped(on = !this.showDropped): void {
    const before = this.rows;
    this.showDropped = on;
    this.currentId = settle(before, this.rows, this.currentId);
  }

  async reveal(place: Place): Promise<void> {
    await tell(this.host, revealPlace, { place }, (failure) => {
      this.report(strings.actionFailed, failure, () => void this.reveal(place));
    });
  }

  /** Asks for the present query again where it is older than a revision; where none could be shown, opens the data set again. */
  refresh(revision = Infinity): void {
    if (this.view !== undefined) this.#freshness.want(revision);
    else if (this.failure !== undefined) void this.start();
  }

  /** Views can wait for the query. A verdict cannot: the person has not seen what it would be about. */
  #keepForLater(command: PanelCommand): void {
    if (command.startsWith("show_")) this.#firstCommand = command;
  }

  async #open(start: PanelStart, saved: SavedState | undefined): Promise<void> {
    const { dataset, line } = start;
    const opened = await ask(this.host, openReview, line === undefined ? { dataset } : { dataset, line });
    if (!opened.ok) {
      this.failure = opened.failure;
      // A reload of the window brings the panel back by its data set, also where that could not be opened.
      if (saved === undefined) this.host.save(this.state);
      return;
    }
    if (saved !== undefined) restoreState(this, saved);
    const again =
      saved?.queryKey === undefined || line !== undefined
        ? opened
        : await ask(this.host, showQuery, { dataset, key: saved.queryKey, index: saved.queryIndex });
    accept(this, again.ok ? again.value : opened.value, saved?.currentId);
    if (saved?.lanes !== undefined && line === undefined) resumeLanes(this, saved.lanes);
    if (saved !== undefined && this.view?.key === saved.queryKey) this.scroll = saved.scroll;
    this.focusAsked += 1;
    void this.proposal.refresh(dataset);
  }
}
