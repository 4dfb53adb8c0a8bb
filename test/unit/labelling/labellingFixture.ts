import type { AnswerCache, ChatAnswer, ChatModel, ChatRequest, Prices } from "#core/chat/chat";
import type { LabellingConfig } from "#core/config/labellingSchema";
import { Labelling } from "#core/labelling/labelling";
import type { LabellingEnd } from "#core/labelling/labellingOutcome";
import type { LabellingOrder } from "#core/labelling/labellingOrder";
import { SuggestionJournal } from "#core/session/suggestionJournal";
import type { Suggestion } from "#core/suggestions/suggestion";
import type { Cancellation } from "#core/util/cancellation";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { InMemoryMarks } from "../../support/inMemoryMarks";
import { scriptedAnswer, textsOf } from "../../support/scriptedJudge";
import type { JudgeTruths } from "../../support/scriptedJudge";
import { sha256 } from "../../support/sha256";
import { curationFixture, value } from "../curation/curationFixture";
import type { CurationOptions, Curator } from "../curation/curationFixture";

export const prices: Prices = { input: 1, output: 10 };

/** Every fourth document is relevant, whatever the query. */
export const everyFourth: JudgeTruths = {
  verdictOf: (_, passage) => (Number(/\d+/u.exec(passage)?.[0] ?? 1) % 4 === 0 ? "relevant" : "not_relevant"),
};

/** Answers that are kept in memory. */
export class InMemoryAnswers implements AnswerCache {
  readonly answers = new Map<string, ChatAnswer>();

  get(name: string): Promise<ChatAnswer | undefined> {
    return Promise.resolve(this.answers.get(name));
  }

  put(name: string, answer: ChatAnswer): Promise<void> {
    this.answers.set(name, answer);
    return Promise.resolve();
  }
}

/** What a question gets: the text of an answer, a whole answer or a failure. */
export type Reply = string | Partial<ChatAnswer> | { readonly failure: Failure };

/** A question that waits for its answer. */
interface Pending {
  readonly request: ChatRequest;
  readonly give: () => void;
}

/** A model that answers each question by a function, at once or when it is told to. */
export class SteeredChat implements ChatModel {
  readonly requests: ChatRequest[] = [];
  readonly #reply: (request: ChatRequest, asked: number) => Reply;
  readonly #pending: Pending[] = [];
  #isHeld = false;
  #told: (() => void)[] = [];
  mostUnderWay = 0;

  constructor(reply: (request: ChatRequest, asked: number) => Reply) {
    this.#reply = reply;
  }

  /** Questions that wait for their answers. */
  get underWay(): number {
    return this.#pending.length;
  }

  /** From now on questions wait for `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Answers a waiting question: the first, or the one at a place. */
  release(place = 0): void {
    const [pending] = this.#pending.splice(place, 1);
    if (pending === undefined) throw new RangeError("no question waits");
    pending.give();
  }

  /** Answers everything, now and later. */
  letGo(): void {
    this.#isHeld = false;
    while (this.#pending.length > 0) this.release();
  }

  /** Resolves when so many questions wait. */
  async waiting(count: number): Promise<void> {
    while (this.#pending.length < count) await new Promise<void>((resolve) => this.#told.push(resolve));
  }

  async ask(request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>> {
    const asked = this.requests.push(request) - 1;
    if (this.#isHeld) {
      await new Promise<void>((resolve) => {
        this.#pending.push({ request, give: resolve });
        this.mostUnderWay = Math.max(this.mostUnderWay, this.#pending.length);
        for (const told of this.#told.splice(0)) told();
      });
    }
    if (cancellation.requested) return err({ reason: "cancelled", message: "Stopped." });
    const reply = this.#reply(request, asked);
    if (typeof reply !== "string" && "failure" in reply) return err(reply.failure);
    const parts = typeof reply === "string" ? { text: reply } : reply;
    const usage = { inputTokens: 1000, outputTokens: 100, estimated: false };
    return ok({ text: "", ending: "stop", usage, model: request.model, ...parts });
  }
}

/** A model that judges by what is true. */
export function judge(truths: JudgeTruths = everyFourth): SteeredChat {
  return new SteeredChat((request) => scriptedAnswer(textsOf(request), truths));
}

export interface LabellingOptions extends CurationOptions {
  readonly labelling?: Partial<LabellingConfig>;
  readonly cache?: InMemoryAnswers;
  /** Suggestions on disk. */
  readonly log?: InMemoryMarks;
  readonly stopwatch?: () => number;
}

/** One person's window on a data set, with nothing asked yet. */
export async function labellingFixture(options: LabellingOptions = {}) {
  const { labelling: settings = {}, cache = new InMemoryAnswers(), log = new InMemoryMarks("ann"), author = "ann" } = options;
  const curator = await curationFixture(options);
  const { session, curation } = curator;
  const config = { ...session.config, labelling: { ...session.config.labelling, ...settings } };
  await session.setConfig(config);
  let names = 0;
  const suggestions = value(
    await SuggestionJournal.open({
      log,
      author,
      clock: () => "2026-01-02T03:04:05.000Z",
      newId: () => `${author} suggestion ${String((names += 1))} of ${String(log.files.get(author)?.length ?? 0)}`,
      tool: "nearmiss test",
    }),
  );
  session.setSuggestions(suggestions.folded);
  const told = { changes: 0, logged: [] as string[] };
  const labelling = new Labelling({
    session,
    curation,
    suggestions,
    cache,
    sha256,
    stopwatch: options.stopwatch ?? (() => 0),
    logger: (level, message) => told.logged.push(`${level}: ${message.split("\n")[0] ?? ""}`),
    changed: () => (told.changes += 1),
  });
  return new Asker({ curator, labelling, suggestions, cache, log, told });
}

interface AskerParts {
  readonly curator: Curator;
  readonly labelling: Labelling;
  readonly suggestions: SuggestionJournal;
  readonly cache: InMemoryAnswers;
  readonly log: InMemoryMarks;
  readonly told: { readonly changes: number; readonly logged: readonly string[] };
}

/** A person who has models asked. */
export class Asker {
  readonly curator: Curator;
  readonly labelling: Labelling;
  readonly suggestions: SuggestionJournal;
  readonly cache: InMemoryAnswers;
  readonly log: InMemoryMarks;
  readonly told: AskerParts["told"];

  constructor(parts: AskerParts) {
    this.curator = parts.curator;
    this.labelling = parts.labelling;
    this.suggestions = parts.suggestions;
    this.cache = parts.cache;
    this.log = parts.log;
    this.told = parts.told;
  }

  /** The suggestions on disk. */
  written(): readonly Suggestion[] {
    const text = this.log.files.get("ann") ?? "";
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Suggestion);
  }

  async begin(chat: ChatModel, order: Partial<LabellingOrder> = {}): Promise<void> {
    value(await this.labelling.start(orderOf(chat, order)));
  }

  async end(): Promise<LabellingEnd> {
    const ended = await this.labelling.ended();
    if (ended === undefined) throw new Error("There was no run.");
    return value(ended);
  }

  async run(chat: ChatModel, order: Partial<LabellingOrder> = {}): Promise<LabellingEnd> {
    await this.begin(chat, order);
    return await this.end();
  }
}

export function orderOf(chat: ChatModel, order: Partial<LabellingOrder> = {}): LabellingOrder {
  return { task: "judge", queries: 10, ask: { name: "scripted", chat, prices }, dryRun: false, concurrency: 1, ...order };
}
