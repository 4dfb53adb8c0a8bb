import { editsWereMarked } from "#protocol/edits";
import { panelCommand, showLine, type PanelCommand } from "#protocol/host";
import type { SettingEdit } from "#protocol/sampler";
import type { DatasetStatus } from "#protocol/status";
import { answerCuration } from "./fake/answers/answerCuration";
import { answerGradients } from "./fake/answers/answerGradients";
import { answerHost } from "./fake/answers/answerHost";
import { answerLabelling } from "./fake/answers/answerLabelling";
import { answerReview } from "./fake/answers/answerReview";
import { answerSampler } from "./fake/answers/answerSampler";
import { answerStatus } from "./fake/answers/answerStatus";
import { answerTraining } from "./fake/answers/answerTraining";
import { fakeDataset } from "./fake/fakeDataset";
import type { FakeServer } from "./fake/fakeServer";
import { FakeSession } from "./fake/fakeSession";
import { Scenario } from "./fake/scenario";
import { ScriptedChannel, type LoggedRequest } from "./fake/scriptedChannel";

/** What a test can do to the scripted host, as `window.fakeHost`. */
export interface FakeHost {
  /** Every request so far. */
  readonly log: readonly LoggedRequest[];
  /** The next answer to a method is this failure. */
  failNext(method: string, message: string, nextStep: string): void;
  /** From now on answers to a method wait, until `release` lets them go in order. */
  hold(method: string): void;
  release(method: string): void;
  command(command: PanelCommand): void;
  showLine(line: number): void;
  /** Something changed behind the panel's back: embeddings arrived, or the file was edited. */
  change(retrieval: "dense" | "lexical"): void;
  /** A passage leaves the list of its query, as one does whose text is that of a marked one. */
  remove(passage: string): void;
  /** A passage is not in the data any more. */
  forget(passage: string): void;
  /** The configuration is saved with other values, here or by somebody else. */
  saveConfig(edits: readonly SettingEdit[]): void;
  /** How far the search for the whole file's candidates is; at its end previews are answered again. */
  mine(done: number, total: number): void;
  /** Takes the training run under way on by so many words. */
  train(words: number): void;
  /** A training run that was asked for waits for the vectors, as far as this. */
  waitForVectors(run: string, done: number, total: number): void;
  /** The training run under way ends, since something has gone wrong. */
  breakTraining(state: "finished" | "failed" | "interrupted", ending: string): void;
  /** A saved edit of the training file is read as a verdict, or as none. */
  edit(isVerdict: boolean): void;
  /** A passage with a verdict is offered for a second opinion, as where somebody else has given it. */
  offerAgain(document: string): void;
  /** Takes the run of second opinions on by so many queries. */
  label(queries: number): void;
  /** The run of second opinions ends, since something has gone wrong. */
  breakLabelling(text: string): void;
  /** Files of suggestions cannot be read, as sentences. */
  spoilSuggestions(problems: readonly string[]): void;
  /** Whether the person accepts the diffs of the config, and chooses a model where one is asked for. */
  accepts: boolean;
  status(change: Partial<DatasetStatus>): void;
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    acquireVsCodeApi: () => unknown;
  }
}

/** Puts a scripted extension behind `acquireVsCodeApi`, for `vite dev` and for tests. `?scenario=` in the address chooses what it shows. */
export function installFakeHost(): void {
  const channel = new ScriptedChannel();
  const scenario = new Scenario(new URLSearchParams(location.search).get("scenario") ?? "");
  window.fakeHost = new Script(channel, scenario);
  window.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => channel.receive(structuredClone(message)),
    getState: (): unknown => JSON.parse(sessionStorage.getItem(location.search) ?? "null"),
    setState: (state: unknown) => sessionStorage.setItem(location.search, JSON.stringify(state)),
  });
}

class Script implements FakeHost {
  accepts = true;
  readonly #channel: ScriptedChannel;
  readonly #server: FakeServer;
  readonly #session: FakeSession;

  constructor(channel: ScriptedChannel, scenario: Scenario) {
    this.#channel = channel;
    this.#server = scenario.server();
    this.#session = new FakeSession(channel, this.#server);
    answerReview(this.#session, scenario.isUnreadable);
    answerCuration(this.#session);
    answerSampler(this.#session);
    answerGradients(this.#session);
    answerTraining(this.#session);
    answerLabelling(this.#session);
    answerStatus(this.#session);
    answerHost(this.#session, scenario.start, this);
    if (scenario.isLive) this.#runByClock();
  }

  get log(): readonly LoggedRequest[] {
    return this.#channel.log;
  }

  failNext(method: string, message: string, nextStep: string): void {
    this.#channel.failNext(method, message, nextStep);
  }

  hold(method: string): void {
    this.#channel.hold(method);
  }

  release(method: string): void {
    this.#channel.release(method);
  }

  command(command: PanelCommand): void {
    this.#channel.notify(panelCommand, { command });
  }

  showLine(line: number): void {
    this.#channel.notify(showLine, { dataset: fakeDataset, line });
  }

  change(retrieval: "dense" | "lexical"): void {
    this.#session.change(retrieval);
  }

  remove(passage: string): void {
    this.#server.removed.add(passage);
  }

  forget(passage: string): void {
    this.remove(passage);
    this.#server.forgotten.add(passage);
  }

  saveConfig(edits: readonly SettingEdit[]): void {
    this.#session.saveConfig(edits);
  }

  mine(done: number, total: number): void {
    this.#session.mine(done, total);
  }

  train(words: number): void {
    for (let told = 0; told < words; told += 1) {
      this.#server.training.tick();
      this.#session.tellTraining();
    }
  }

  waitForVectors(run: string, done: number, total: number): void {
    this.#server.training.wait(run, done, total);
    this.#session.tellTraining();
  }

  breakTraining(state: "finished" | "failed" | "interrupted", ending: string): void {
    this.#server.training.breakOff(state, ending);
    this.#session.tellTraining();
  }

  label(queries: number): void {
    for (let told = 0; told < queries; told += 1) this.#server.labelling.tick();
    this.#session.tellLabelling();
  }

  breakLabelling(text: string): void {
    this.#server.labelling.breakOff(text);
    this.#session.tellLabelling();
  }

  spoilSuggestions(problems: readonly string[]): void {
    this.#server.labelling.problems = problems;
    this.#session.change();
  }

  edit(isVerdict: boolean): void {
    this.#channel.notify(editsWereMarked, {
      dataset: fakeDataset,
      marks: isVerdict ? ["m-17"] : [],
      takenBack: 0,
      text: isVerdict
        ? "Your edit was recorded as a mark: 1 false negative."
        : "312 rows changed at once, as a script does it: your edit was not recorded as a verdict.",
    });
  }

  offerAgain(document: string): void {
    this.#server.curation.judgedBefore = document;
    this.#session.tellCuration();
  }

  status(change: Partial<DatasetStatus>): void {
    this.#session.changeStatus(change);
  }

  /** With a clock, for a look at the views while they are written; tests call `train` and `label`. */
  #runByClock(): void {
    setInterval(() => {
      if (this.#server.training.status.phase !== "idle") this.train(1);
      if (["running", "stopping"].includes(this.#server.labelling.status.phase)) this.label(1);
    }, 400);
  }
}
