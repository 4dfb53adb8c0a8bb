import path from "node:path";
import type { LogLevel, VectorSpace } from "#core/ports";
import packageJson from "../package.json";
import type { CliHost, VectorRequest } from "./cli/cliHost";
import { runCli } from "./cli/runCli";
import { printable } from "./cli/words";
import { EndpointChat } from "./runtime/chat/endpointChat";
import { FileAnswerCache } from "./runtime/chat/fileAnswerCache";
import { TrainerClient } from "./runtime/training/trainerClient";
import { defaultCacheFolder } from "./runtime/vectors/cacheFolder";
import { VectorClient } from "./runtime/vectors/vectorClient";

/** Time between two progress lines where standard error is no terminal, in milliseconds. */
const PROGRESS_INTERVAL = 5000;
/** Time between two redraws on a terminal, in milliseconds. */
const REDRAW_INTERVAL = 100;

const interrupt = { requested: false };

process.on("SIGINT", () => {
  // A second Ctrl+C does not wait for anything. The vector process ends with the channel to it.
  if (interrupt.requested) process.exit(130);
  interrupt.requested = true;
});

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader, `head` for one, has all it wants.
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const host: CliHost = {
  cwd: process.cwd(),
  env: process.env,
  print: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (error === null || error === undefined || (error as NodeJS.ErrnoException).code === "EPIPE") resolve();
        else reject(error);
      });
    }),
  tell: (line) => {
    clearProgress();
    process.stderr.write(`${printable(line)}\n`);
  },
  progress: showProgress,
  cancellation: interrupt,
  createVectors,
  createTrainer: () => new TrainerClient({ processFile: path.join(__dirname, "trainerProcess.cjs"), log: tellTrouble }),
  createEndpointChat: (access, timeout) => new EndpointChat({ ...access, timeout, logger: tellTrouble }),
  openAnswerCache: () => new FileAnswerCache(defaultCacheFolder(), tellTrouble),
  tool: `${packageJson.name} ${packageJson.version}`,
  clock: () => new Date().toISOString(),
  stopwatch: () => performance.now() / 1000,
};

let shown = "";
let shownAt = 0;

function showProgress(text: string): void {
  if (text === "") {
    clearProgress();
    return;
  }
  const now = Date.now();
  if (now - shownAt < (process.stderr.isTTY ? REDRAW_INTERVAL : PROGRESS_INTERVAL)) return;
  shownAt = now;
  const line = printable(text);
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line.slice(0, process.stderr.columns - 1)}` : `${line}\n`);
  shown = line;
}

function clearProgress(): void {
  if (shown !== "" && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  shown = "";
}

function createVectors({ textOf, baseFolder, own }: VectorRequest): VectorSpace {
  return new VectorClient({
    processFile: path.join(__dirname, "vectorProcess.cjs"),
    log: tellTrouble,
    settings: { modelsFolder: path.join(__dirname, "models"), cacheFolder: defaultCacheFolder(), baseFolder },
    source:
      own === undefined
        ? { kind: "texts", text: textOf }
        : { kind: "files", files: own.files, row: (side, slot) => own.rowOf(side, textOf(side, slot)), text: textOf },
  });
}

function tellTrouble(level: LogLevel, message: string): void {
  if (level === "warn" || level === "error") host.tell(message);
}

runCli(process.argv.slice(2), host).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // A bug, and therefore none of the exit codes that scripts act on: 70 is "internal software error" in sysexits.h.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 70;
  },
);
