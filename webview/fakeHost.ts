import { Channel, type Port } from "#protocol/channel";
import {
  openConfig,
  panelCommand,
  panelReady,
  pickChatModel,
  revealPlace,
  reviewConfigChange,
  saveImage,
  showLine,
  startExport,
  type PanelCommand,
} from "#protocol/host";
import { beginAudit, curationDidChange, curationState, nextCard } from "#protocol/curation";
import {
  labellingDidAdvance,
  labellingState,
  pauseLabelling,
  planLabelling,
  resumeLabelling,
  startLabelling,
  stopLabelling,
} from "#protocol/labelling";
import { editsWereMarked, takeBackEdits } from "#protocol/edits";
import { appendMark, redoMark, undoMark } from "#protocol/marks";
import type { Outcome } from "#protocol/outcome";
import { gradientReport } from "#protocol/gradients";
import { openReview, reviewDidChange, showQuery, stepQuery } from "#protocol/review";
import type { RequestType } from "#protocol/rpc";
import { previewSampler, proposeSampler, samplerDidAdvance, samplerState, type SettingEdit } from "#protocol/sampler";
import { datasetStatus, resumeWork, statusDidChange, stopWork, type DatasetStatus } from "#protocol/status";
import { compareRounds, startTraining, stopTraining, trainingDidAdvance, trainingState } from "#protocol/training";
import { FakeCuration, takenBackEdits } from "./fake/fakeCuration";
import { fakeDataset } from "./fake/fakeDataset";
import { fakeModels } from "./fake/fakeOpinions";
import { failed, FakeServer } from "./fake/fakeServer";
import { mixConfig } from "./fake/fakeSampler";
import { earlierRuns, FakeTraining } from "./fake/fakeTraining";
import { crowdedQuery, fakeQueries, type FakeQuery } from "./fake/passages";

/** What a test can do to the scripted host, as `window.fakeHost`. */
export interface FakeHost {
  /** Every request so far: method and params. */
  readonly log: readonly { readonly method: string; readonly params: unknown }[];
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

const baseStatus: DatasetStatus = {
  dataset: fakeDataset,
  revision: 1,
  format: "FlagEmbedding",
  queries: 4,
  documents: 12_431,
  fromDisk: false,
  phase: "ready",
  done: 0,
  total: 0,
  embedded: 412,
  cached: 12_019,
  model: "all-MiniLM-L6-v2",
  index: { kind: "exact", recall: 1, recallSample: 0 },
};

const scenarioStatus: Readonly<Record<string, Partial<DatasetStatus>>> = {
  lexical: { phase: "embedding", done: 1204, total: 12_431 },
  stopped: { phase: "stopped", done: 1204, total: 12_431 },
  broken: {
    phase: "failed",
    failure: {
      reason: "worker-died",
      message: "The embedder ended with code 137.",
      nextStep: "Close other programs to free memory, then retry.",
    },
  },
};

/**
 * Puts a scripted extension behind `acquireVsCodeApi`, for `vite dev` and for tests. `?scenario=` in the address chooses what it shows:
 * lexical, stopped, broken, full, crowded, none, unreadable, nokeys, mix, mining, points (a crowded plot of the gradients), learn
 * (opened for the training view), trained, live (trained, with runs that go on by themselves), opinions (two queries with second opinions,
 * hidden until the verdict), always (with second opinions on show), noprice (nobody gave a price), curation (an audit under way, a model
 * that suspects, near-duplicates); anything else is the ordinary data set.
 */
export function installFakeHost(): void {
  const scenario = new URLSearchParams(location.search).get("scenario") ?? "";
  const script = new Script(scenario);
  window.fakeHost = script;
  window.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => script.receive(structuredClone(message)),
    getState: (): unknown => JSON.parse(sessionStorage.getItem(location.search) ?? "null"),
    setState: (state: unknown) => sessionStorage.setItem(location.search, JSON.stringify(state)),
  });
}

class Script implements FakeHost {
  readonly log: { readonly method: string; readonly params: unknown }[] = [];
  accepts = true;
  readonly #server: FakeServer;
  readonly #scenario: string;
  readonly #listeners = new Set<(message: unknown) => void>();
  readonly #failures = new Map<string, ReturnType<typeof failed>>();
  readonly #held = new Map<string, (() => void)[]>();
  readonly #channel: Channel;
  #status: DatasetStatus;

  constructor(scenario: string) {
    this.#scenario = scenario;
    this.#server = new FakeServer(queriesOf(scenario));
    this.#server.retrieval = ["lexical", "stopped", "broken"].includes(scenario) ? "lexical" : "dense";
    if (["trained", "live"].includes(scenario)) this.#server.training = new FakeTraining(earlierRuns);
    if (scenario === "live") this.#runByClock();
    if (["opinions", "always"].includes(scenario)) this.#server.labelling.assumeJudged(2);
    if (scenario === "always") this.#server.labelling.shows = "always";
    if (scenario === "noprice") this.#server.labelling.hasPrice = false;
    if (["curation", "opinions", "always"].includes(scenario)) {
      this.#server.curation = new FakeCuration(true);
      this.#server.teaches = true;
    }
    if (scenario === "mix") this.#server.config = mixConfig;
    if (scenario === "points") this.#server.points = 2000;
    if (scenario === "mining") this.#server.mining = { done: 1204, total: 4810 };
    this.#status = { ...baseStatus, ...scenarioStatus[scenario] };
    this.#channel = new Channel(this.#port());
    this.#answerServer();
    this.#answerHost();
  }

  receive(message: unknown): void {
    for (const listener of this.#listeners) listener(message);
  }

  failNext(method: string, message: string, nextStep: string): void {
    this.#failures.set(method, failed("disk", message, nextStep));
  }

  hold(method: string): void {
    this.#held.set(method, []);
  }

  release(method: string): void {
    const waiting = this.#held.get(method) ?? [];
    this.#held.delete(method);
    for (const go of waiting) go();
  }

  command(command: PanelCommand): void {
    this.#channel.notify(panelCommand, { command });
  }

  showLine(line: number): void {
    this.#channel.notify(showLine, { dataset: fakeDataset, line });
  }

  change(retrieval: "dense" | "lexical"): void {
    this.#server.retrieval = retrieval;
    this.#server.revision += 1;
    this.#channel.notify(reviewDidChange, { dataset: fakeDataset, revision: this.#server.revision });
  }

  remove(passage: string): void {
    this.#server.removed.add(passage);
  }

  forget(passage: string): void {
    this.remove(passage);
    this.#server.forgotten.add(passage);
  }

  saveConfig(edits: readonly SettingEdit[]): void {
    this.#server.saveConfig(edits);
    this.change(this.#server.retrieval);
  }

  mine(done: number, total: number): void {
    this.#server.mining = done < total ? { done, total } : undefined;
    this.#channel.notify(samplerDidAdvance, { dataset: fakeDataset, done, total });
    if (done >= total) this.#channel.notify(curationDidChange, { dataset: fakeDataset });
  }

  train(words: number): void {
    for (let told = 0; told < words; told += 1) {
      this.#server.training.tick();
      this.#tellTraining();
    }
  }

  waitForVectors(run: string, done: number, total: number): void {
    this.#server.training.wait(run, done, total);
    this.#tellTraining();
  }

  breakTraining(state: "finished" | "failed" | "interrupted", ending: string): void {
    this.#server.training.breakOff(state, ending);
    this.#tellTraining();
  }

  label(queries: number): void {
    for (let told = 0; told < queries; told += 1) this.#server.labelling.tick();
    this.#labelled(null);
  }

  breakLabelling(text: string): void {
    this.#server.labelling.breakOff(text);
    this.#labelled(null);
  }

  spoilSuggestions(problems: readonly string[]): void {
    this.#server.labelling.problems = problems;
    this.change(this.#server.retrieval);
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
    this.#channel.notify(curationDidChange, { dataset: fakeDataset });
  }

  status(change: Partial<DatasetStatus>): void {
    this.#status = { ...this.#status, ...change, revision: this.#status.revision + 1 };
    this.#channel.notify(statusDidChange, this.#status);
  }

  #tellTraining(): void {
    this.#channel.notify(trainingDidAdvance, this.#server.training.status);
  }

  /** With a clock, for a look at the views while they are written; tests call `train` and `label`. */
  #runByClock(): void {
    setInterval(() => {
      if (this.#server.training.status.phase !== "idle") this.train(1);
      if (["running", "stopping"].includes(this.#server.labelling.status.phase)) this.label(1);
    }, 400);
  }

  #port(): Port {
    return {
      post: (message) => {
        window.postMessage(structuredClone(message), "*");
      },
      onMessage: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  #answerServer(): void {
    const server = this.#server;
    const unreadable = failed(
      "bad-encoding",
      "/home/ada/tern/train.jsonl is not UTF-8: byte 0xFF at offset 0.",
      "Save it as UTF-8, then retry.",
    );
    this.#handle(openReview, ({ line }) => {
      if (this.#scenario !== "unreadable") return server.show({ dataset: fakeDataset, index: Math.max(0, (line ?? 12) - 12) });
      return { ok: false, failure: { ...unreadable.failure, place: { file: "/home/ada/tern/train.jsonl", line: 1 } } };
    });
    this.#handle(showQuery, (params) => server.show(params));
    this.#handle(stepQuery, (params) => server.step(params));
    this.#handle(appendMark, (params) => this.#told(server.mark(params)));
    this.#handle(undoMark, ({ index }) => this.#told(server.undo(index)));
    this.#handle(redoMark, ({ index }) => this.#told(server.redo(index)));
    this.#handle(takeBackEdits, ({ marks }) => takenBackEdits(marks));
    this.#handle(nextCard, (params) => server.nextCard(params));
    this.#handle(curationState, () => server.curationState());
    this.#handle(beginAudit, () => server.beginAudit());
    this.#handle(proposeSampler, () => server.propose());
    this.#handle(samplerState, () => server.samplerState());
    this.#handle(previewSampler, ({ edits }) => server.previewSampler(edits));
    this.#handle(gradientReport, ({ temperature }) => server.gradientReport(temperature));
    this.#handle(trainingState, () => server.trainingState());
    this.#handle(startTraining, ({ resume }) => this.#trained(server.training.start(resume)));
    this.#handle(stopTraining, () => this.#trained(server.training.stop()));
    this.#handle(compareRounds, (params) => server.compareRounds(params));
    this.#answerLabelling();
    this.#handle(datasetStatus, () => ({ ok: true, value: this.#status }));
    this.#handle(stopWork, () => {
      this.status({ phase: "stopped" });
      return { ok: true, value: null };
    });
    this.#handle(resumeWork, () => {
      this.status({ phase: "embedding", done: 1204, total: 12_431 });
      return { ok: true, value: null };
    });
  }

  #answerLabelling(): void {
    const server = this.#server;
    this.#handle(labellingState, () => server.labellingState());
    this.#handle(planLabelling, (params) => server.planLabelling(params));
    this.#handle(startLabelling, (params) => this.#labelled(server.labelling.start(params)));
    this.#handle(pauseLabelling, () => this.#labelled(server.labelling.pause()));
    this.#handle(resumeLabelling, () => this.#labelled(server.labelling.resume()));
    this.#handle(stopLabelling, () => this.#labelled(server.labelling.stop()));
  }

  /** As the server does, says before it answers that marks have changed. */
  #told<Answer>(answer: Answer): Answer {
    this.#channel.notify(reviewDidChange, { dataset: fakeDataset, revision: this.#server.revision });
    this.#channel.notify(curationDidChange, { dataset: fakeDataset });
    return answer;
  }

  /** At the end of a run the cards have opinions. */
  #labelled<Answer>(answer: Answer): Answer {
    const { status } = this.#server.labelling;
    this.#channel.notify(labellingDidAdvance, status);
    if (status.phase === "idle" && status.done > 0) this.change(this.#server.retrieval);
    return answer;
  }

  #trained<Answer>(answer: Answer): Answer {
    this.#tellTraining();
    return answer;
  }

  #answerHost(): void {
    this.#handleBare(panelReady, () => ({
      dataset: fakeDataset,
      singleKeys: this.#scenario !== "nokeys",
      ...(this.#scenario === "learn" ? { command: "show_training" as const } : {}),
    }));
    this.#handleBare(revealPlace, () => null);
    this.#handleBare(reviewConfigChange, ({ edits }) => {
      if (this.accepts) this.saveConfig(edits);
      return { accepted: this.accepts };
    });
    this.#handleBare(saveImage, () => ({ saved: this.accepts }));
    this.#handleBare(pickChatModel, ({ purpose }) => ({ model: this.accepts ? fakeModels[purpose] : null }));
    this.#handleBare(openConfig, () => null);
    this.#handleBare(startExport, () => null);
  }

  #handle<Params, Value>(type: RequestType<Params, Outcome<Value>>, answer: (params: Params) => Outcome<Value>): void {
    this.#handleBare(type, (params) => {
      const failure = this.#failures.get(type.method);
      this.#failures.delete(type.method);
      return failure ?? answer(params);
    });
  }

  #handleBare<Params, Answer>(type: RequestType<Params, Answer>, answer: (params: Params) => Answer): void {
    this.#channel.handle(type, async (params: Params) => {
      this.log.push({ method: type.method, params });
      const waiting = this.#held.get(type.method);
      if (waiting !== undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      return answer(params);
    });
  }
}

function queriesOf(scenario: string): readonly FakeQuery[] {
  switch (scenario) {
    case "full":
      return [crowdedQuery(100)];
    case "crowded":
      return [crowdedQuery(2000)];
    case "none":
      return [
        {
          id: "q-none",
          text: "What is the colour of the Tern logo?",
          positives: ["The logo is a white tern on slate blue."],
          candidates: [],
        },
      ];
    default:
      return fakeQueries;
  }
}
