import path from "node:path";
import type { Cancellation } from "#core/util/cancellation";
import { neverCancelled } from "#core/util/cancellation";
import type { VectorRequest } from "../../server/cli/cliHost";
import { runCli } from "../../server/cli/runCli";
import { InMemoryVectorSpace } from "../support/inMemoryVectorSpace";
import type { VectorSpace } from "#core/ports";
import type { Trainer } from "#core/training/trainer";

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  /** Standard error, with the folder's own path taken out. */
  readonly err: string;
  /** Standard error without the tables that end mining. */
  readonly words: string;
}

export interface CommandOptions {
  readonly cancellation?: Cancellation;
  readonly createVectors?: (request: VectorRequest) => VectorSpace;
  readonly createTrainer?: () => Trainer;
}

/** Runs the command line inside this process, with vectors made from letters instead of by a model. */
export async function runCommand(folder: string, argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const out: (string | Uint8Array)[] = [];
  const told: string[] = [];
  let seconds = 0;
  const code = await runCli(argv, {
    cwd: folder,
    env: {},
    print: (text) => {
      out.push(text);
      return Promise.resolve();
    },
    tell: (line) => void told.push(line),
    progress: () => undefined,
    cancellation: options.cancellation ?? neverCancelled,
    createVectors: options.createVectors ?? (({ textOf }) => new InMemoryVectorSpace(textOf)),
    createTrainer:
      options.createTrainer ??
      (() => {
        throw new Error("This test trains nothing.");
      }),
    createEndpointChat: () => {
      throw new Error("This test asks no language model.");
    },
    openAnswerCache: () => ({ get: () => Promise.resolve(undefined), put: () => Promise.resolve() }),
    tool: "nearmiss test",
    clock: () => "2026-01-02T03:04:05.000Z",
    stopwatch: () => (seconds += 0.5),
  });
  const text = Buffer.concat(out.map((piece) => Buffer.from(piece))).toString("utf8");
  const err = told
    .join("\n")
    .replaceAll(folder + path.sep, "")
    .replaceAll(folder, ".");
  return { code, out: text, err, words: err.replace(/^Candidates [^]*^Max .*\n\n/mu, "") };
}
