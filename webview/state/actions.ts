import type { PositiveView } from "#protocol/review";
import type { Action } from "../keymap";
import { curationStrings } from "../curationStrings";
import { actionLabels, strings } from "../strings";
import { enterLanes, leaveLanes } from "./laneActions";
import { nextNew } from "./newCandidates";
import type { Review } from "./review.svelte";
import type { SideViewName } from "./sideViews";
import { judgeCard, judgePositive, judgeQuery, markAlike, revise } from "./verdicts";

/** What the actions need of the page itself. */
export interface Page {
  openKeySheet(): void;
  toggleText(): void;
  /** The positive that has the focus. */
  focusedPositive(): PositiveView | undefined;
}

/** What moves in the list of a query, and has nothing to move where one pair is on show. */
const listMoves: readonly Action[] = ["next_card", "previous_card", "next_query", "previous_query", "toggle_dropped"];

/** Carries out what a key, a button or a command of the palette asks for. */
export function perform(review: Review, page: Page, action: Action): void {
  if (review.lanes.active && listMoves.includes(action)) {
    review.say(curationStrings.saidOneAtATime);
    return;
  }
  switch (action) {
    case "undo":
    case "redo":
      revise(review, action);
      return;
    case "next_card":
      review.move(1);
      return;
    case "previous_card":
      review.move(-1);
      return;
    case "next_query":
      review.step(1);
      return;
    case "previous_query":
      review.step(-1);
      return;
    case "bad_query":
      judgeQuery(review);
      return;
    case "bad_positive":
      judgePositive(review, page.focusedPositive());
      return;
    case "go_to_source":
      goToSource(review);
      return;
    case "toggle_dropped":
      review.toggleDropped();
      review.say(strings.saidToggled(strings.droppedHeading, review.showDropped));
      return;
    case "toggle_overlap":
      review.overlap = !review.overlap;
      review.say(strings.saidToggled(strings.overlapToggle, review.overlap));
      return;
    case "toggle_blind":
      toggleBlind(review);
      return;
    case "show_text":
      page.toggleText();
      return;
    case "toggle_sampler":
    case "toggle_gradients":
    case "toggle_training":
    case "toggle_curation":
    case "toggle_opinions":
      toggleSide(review, sideOf[action]);
      return;
    case "show_sampler":
    case "show_gradients":
    case "show_training":
    case "show_curation":
    case "show_opinions":
      review.showSide(sideOf[action]);
      return;
    case "judge_pairs":
      enterLanes(review);
      return;
    case "leave_pairs":
      leaveLanes(review);
      return;
    case "mark_alike":
      markAlike(review);
      return;
    case "next_new":
      if (review.lanes.active) leaveLanes(review);
      nextNew(review);
      return;
    case "key_sheet":
      page.openKeySheet();
      return;
    default:
      judgeCard(review, action);
  }
}

/** Goes back from the view at the side to the candidates. What was moved in the sampler view is kept until it is reset. */
export function closeSide(review: Review): void {
  review.hideSide();
  review.focusAsked += 1;
}

/** The view of each action that shows one. */
const sideOf = {
  toggle_sampler: "sampler",
  show_sampler: "sampler",
  toggle_gradients: "gradients",
  show_gradients: "gradients",
  toggle_training: "training",
  show_training: "training",
  toggle_curation: "curation",
  show_curation: "curation",
  toggle_opinions: "opinions",
  show_opinions: "opinions",
} as const;

function toggleBlind(review: Review): void {
  if (review.lanes.card?.blind === true) {
    review.say(curationStrings.saidStillBlind);
    return;
  }
  review.blind = !review.blind;
  review.say(strings.saidToggled(strings.blindToggle, review.blind));
}

function toggleSide(review: Review, name: SideViewName): void {
  if (review.side === name) closeSide(review);
  else review.showSide(name);
}

function goToSource(review: Review): void {
  if (review.lanes.card?.blind === true) {
    review.say(curationStrings.saidHiddenLine);
    return;
  }
  const place = review.current?.candidate.place ?? review.view?.place;
  if (place !== undefined) void review.reveal(place);
  else review.say(`${actionLabels.go_to_source}: ${strings.saidNoCard}`);
}
