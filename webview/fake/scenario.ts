import type { PanelStart } from "#protocol/host";
import type { DatasetStatus } from "#protocol/status";
import { FakeCuration } from "./fakeCuration";
import { fakeDataset } from "./fakeDataset";
import { earlierRuns } from "./fakeRuns";
import { mixConfig } from "./fakeSampler";
import { FakeServer } from "./fakeServer";
import { FakeTraining } from "./fakeTraining";
import { crowdedQuery, fakeQueries, type FakeQuery } from "./passages";

/**
 * What the scripted host shows, by the name in the address: lexical, stopped, broken, full, crowded, none, unreadable, nokeys, mix, mining,
 * points (a crowded plot of the gradients), learn (opened for the training view), trained, live (trained, with runs that go on by
 * themselves), opinions (two queries with second opinions, hidden until the verdict), always (with second opinions on show), noprice
 * (nobody gave a price), curation (an audit under way, a model that suspects, near-duplicates); anything else is the ordinary data set.
 */
export class Scenario {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** Whether the data set cannot be opened. */
  get isUnreadable(): boolean {
    return this.#name === "unreadable";
  }

  /** Whether runs go on by themselves. */
  get isLive(): boolean {
    return this.#name === "live";
  }

  /** How the extension opens the panel. */
  get start(): PanelStart {
    return {
      dataset: fakeDataset,
      singleKeys: this.#name !== "nokeys",
      ...(this.#name === "learn" ? { command: "show_training" as const } : {}),
    };
  }

  /** The server as it is when the panel opens. */
  server(): FakeServer {
    const server = new FakeServer(queriesOf(this.#name));
    server.retrieval = this.#isOneOf("lexical", "stopped", "broken") ? "lexical" : "dense";
    server.status = { ...server.status, ...statusOf[this.#name] };
    if (this.#isOneOf("trained", "live")) server.training = new FakeTraining(earlierRuns);
    if (this.#isOneOf("opinions", "always")) server.labelling.assumeJudged(2);
    if (this.#isOneOf("always")) server.labelling.shows = "always";
    if (this.#isOneOf("noprice")) server.labelling.hasPrice = false;
    if (this.#isOneOf("curation", "opinions", "always")) {
      server.curation = new FakeCuration(true);
      server.teaches = true;
    }
    if (this.#isOneOf("mix")) server.config = mixConfig;
    if (this.#isOneOf("points")) server.points = 2000;
    if (this.#isOneOf("mining")) server.mining = { done: 1204, total: 4810 };
    return server;
  }

  #isOneOf(...names: readonly string[]): boolean {
    return names.includes(this.#name);
  }
}

const statusOf: Readonly<Record<string, Partial<DatasetStatus>>> = {
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
