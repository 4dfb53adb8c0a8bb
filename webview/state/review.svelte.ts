import { panelCommand, panelReady, revealPlace, showLine, type PanelCommand, type PanelStart } from "#protocol/host";
import type { Failure, Outcome, Place } from "#protocol/outcome";
import { openReview, reviewDidChange, showQuery, stepQuery, type QueryView, type Verdict } from "#protocol/review";
import type { Host } from "../host";
import { strings } from "../strings";
import { trainingStrings } from "../trainingStrings";
import { AfterMark } from "./afterMark.svelte";
import { ask, tell } from "./ask";
import { findCard, firstCard, laneRows, neighbour, openCount, rowsOf, settle, type Row } from "./cards";
import { CommandQueue, type JobEnd } from "./commandQueue";
import { CurationStore } from "./curation.svelte";
import { GradientStore } from "./gradients.svelte";
import { LaneStore } from "./lanes.svelte";
import { askAgain, resumeLanes } from "./laneActions";
import { OpinionStore } from "./opinions.svelte";
import { Plan } from "./plan";
import { ProposalStore } from "./proposal.svelte";
import { SamplerStore } from "./sampler.svelte";
import { readSaved, type SavedState } from "./saved";
import { SeenOpinions } from "./seenOpinions";
import { SIDE_VIEWS, type SideViewName } from "./sideViews";
import { StatusStore } from "./status.svelte";
import { TrainingStore } from "./training.svelte";

/** Something that went wrong and waits for the person. */
export interface Alert {
  readonly title: string;
  readonly failure: Failure;
  readonly retry: () => void;
  /** Gives up what failed. */
  readonly discard: () => void;
  /** Whether later key presses wait until the person has decided. */
  readonly held: boolean;
}

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
  alert = $state.raw<Alert>();
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
  readonly rows: readonly Row[] = $derived.by(() => this.#rowsOf(this.view));
  readonly current = $derived(findCard(this.rows, this.currentId));
  /** Whether score, rank, source, suspicion and reason are hidden: by the switch, or since the pair is to be judged so. */
  readonly blindNow = $derived.by(() => this.blind || this.lanes.card?.blind === true);
  /** The view that stands beside the candidates, or in their place. */
  readonly side: SideViewName | undefined = $derived.by(() => SIDE_VIEWS.find((name) => this[name].open));
  readonly host: Host;
  readonly #queue = new CommandQueue(() => {
    this.waiting = this.#queue.waiting;
  });
  #refreshQueued = false;
  #newest = 0;
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
    return {
      version: 1,
      dataset: this.dataset,
      ...(this.view === undefined ? {} : { queryKey: this.view.key }),
      ...(this.currentId === undefined ? {} : { currentId: this.currentId }),
      ...(this.proposal.putAside === undefined ? {} : { putAside: this.proposal.putAside }),
      queryIndex: this.view?.index ?? 0,
      scroll: this.scroll,
      showDropped: this.showDropped,
      overlap: this.overlap,
      blind: this.blind,
      sampler: this.sampler.open,
      samplerEdits: this.sampler.edits,
      gradients: this.gradients.open,
      ...(this.gradients.temperature === undefined ? {} : { temperature: this.gradients.temperature }),
      training: this.training.open,
      ...(this.training.adapterBefore === undefined ? {} : { adapterBefore: this.training.adapterBefore }),
      curation: this.curation.open,
      opinions: this.opinions.open,
      opinionChoice: this.opinions.choice,
      ...(this.lanes.active ? { lanes: this.lanes.saved } : {}),
    };
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

  /** Stops the queue on a failure until the person retries or discards. */
  hold(title: string, failure: Failure): JobEnd {
    const retry = (): void => {
      this.alert = undefined;
      this.#queue.resume();
    };
    const discard = (): void => {
      this.alert = undefined;
      this.#queue.clear();
      this.focusAsked += 1;
    };
    this.alert = { title, failure, held: true, retry, discard };
    return "hold";
  }

  /** Gives up what was pressed ahead. */
  forgetKeys(): void {
    this.#queue.clear();
  }

  /** Reports a failure that nothing waits for. */
  report(title: string, failure: Failure, retry: () => void): void {
    const close = (): void => {
      this.alert = undefined;
    };
    this.alert = {
      title,
      failure,
      held: false,
      discard: close,
      retry: () => {
        close();
        retry();
      },
    };
  }

  /** Takes over an answer, unless something newer is on show, and keeps the person on the wanted card or near it. */
  accept(view: QueryView, wanted = this.currentId): void {
    if (this.view !== undefined && view.revision < this.view.revision) return;
    const before = this.rows;
    // Where embeddings take the place of lexical candidates it is another list: a card that is not in it has no place to keep.
    const relisted = view.retrieval !== this.view?.retrieval && findCard(this.#rowsOf(view), wanted) === undefined;
    const same = view.key === this.view?.key && !relisted;
    this.view = view;
    this.currentId = same ? settle(before, this.rows, wanted) : (findCard(this.rows, wanted)?.id ?? firstCard(this.rows));
    if (!same) this.scroll = 0;
  }

  /** Shows the query of a lane's card. Where it was fetched before `newest` was answered, it is asked for again. */
  put(view: QueryView, newest = this.view): void {
    this.view = view;
    this.currentId = this.rows[0]?.id;
    this.scroll = 0;
    if (newest !== undefined && newest.revision > view.revision) this.recount(newest);
  }

  /** Takes over the counts of an answer about a query that need not be on show, and asks for that one again where it is older. */
  recount(newest: QueryView): void {
    const { view } = this;
    if (view === undefined) return;
    if (newest.key === view.key && newest.index === view.index) {
      this.accept(newest);
      return;
    }
    const { counts, canUndo, canRedo } = newest;
    this.view = { ...view, counts, canUndo, canRedo };
    if (newest.revision > view.revision) this.refresh(newest.revision);
  }

  /** Back to the whole list, on the card that was judged alone. */
  leaveLanes(): void {
    const document = this.lanes.card?.document;
    this.lanes.leave();
    this.currentId = findCard(this.rows, document)?.id ?? firstCard(this.rows);
    this.focusAsked += 1;
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
      if (this.lanes.active) this.leaveLanes();
      this.afterMark.clear();
      const moved = answer.value.key !== this.view?.key;
      if (wanted !== undefined && answer.value.dropped.some((candidate) => candidate.key === wanted)) this.showDropped = true;
      this.accept(answer.value, wanted);
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

  /** Asks for the present query again where it is older than a revision. Requests that come while one waits its turn are one. */
  refresh(revision = Infinity): void {
    if (this.view === undefined) {
      if (this.failure !== undefined) void this.start();
      return;
    }
    this.#newest = Math.max(this.#newest, revision);
    if (this.#refreshQueued) return;
    this.#refreshQueued = true;
    this.#queue.push(() => this.#refreshNow(), true);
  }

  async #refreshNow(): Promise<JobEnd> {
    this.#refreshQueued = false;
    const { dataset, view } = this;
    // The answer to a mark is often as new as the notification that came before it.
    if (view === undefined || view.revision >= this.#newest) return "done";
    this.#newest = 0;
    const answer = await ask(this.host, showQuery, { dataset, key: view.key, index: view.index });
    if (answer.ok) this.accept(answer.value);
    else this.report(strings.staleTitle, answer.failure, () => this.refresh());
    return "done";
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
    if (saved !== undefined) this.#restore(saved);
    const again =
      saved?.queryKey === undefined || line !== undefined
        ? opened
        : await ask(this.host, showQuery, { dataset, key: saved.queryKey, index: saved.queryIndex });
    this.accept(again.ok ? again.value : opened.value, saved?.currentId);
    if (saved?.lanes !== undefined && line === undefined) resumeLanes(this, saved.lanes);
    if (saved !== undefined && this.view?.key === saved.queryKey) this.scroll = saved.scroll;
    this.focusAsked += 1;
    void this.proposal.refresh(dataset);
  }

  #restore(saved: SavedState): void {
    this.showDropped = saved.showDropped;
    this.overlap = saved.overlap;
    this.blind = saved.blind;
    this.proposal.putAside = saved.putAside;
    if (saved.sampler === true) this.sampler.restore(saved.dataset, saved.samplerEdits ?? []);
    if (saved.gradients === true) this.gradients.restore(saved.dataset, saved.temperature);
    this.training.adapterBefore = saved.adapterBefore;
    if (saved.training === true) this.training.restore(saved.dataset);
    if (saved.curation === true) this.curation.restore(saved.dataset);
    if (saved.opinionChoice !== undefined) this.opinions.choice = saved.opinionChoice;
    if (saved.opinions === true) this.opinions.restore(saved.dataset);
  }

  #rowsOf(view: QueryView | undefined): readonly Row[] {
    if (view === undefined) return [];
    return this.lanes.active ? laneRows(view, this.lanes.card) : rowsOf(view, this.showDropped);
  }
}
