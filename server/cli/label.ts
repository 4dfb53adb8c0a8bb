import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { CollectingChat } from "#core/chat/collectingChat";
import type { ChatModel } from "#core/chat/chat";
import { Curation } from "#core/curation/curation";
import { Labelling } from "#core/labelling/labelling";
import type { LabellingEnd } from "#core/labelling/labellingOutcome";
import { DRY_RUN_QUERIES } from "#core/labelling/labellingOrder";
import type { LabellingOrder, PlanOrder } from "#core/labelling/labellingOrder";
import type { LabellingPlan } from "#core/labelling/labellingPlan";
import { SuggestionJournal } from "#core/session/suggestionJournal";
import type { Logger } from "#core/ports";
import { failureText } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { endpointAddress } from "../runtime/chat/endpointAddress";
import { sha256 } from "../runtime/hash";
import { writeAtomically } from "../runtime/store/atomicWrite";
import { findAuthor } from "../runtime/store/author";
import { readAllLines } from "../runtime/store/fileSource";
import { FolderFiles } from "../runtime/store/homeFiles";
import { SuggestionStore } from "../runtime/store/suggestionStore";
import { EXIT_BAD_INPUT, EXIT_FINDINGS, EXIT_OK, EXIT_STOPPED } from "./cliHost";
import type { CliHost } from "./cliHost";
import type { LabelArguments, NamedModel } from "./labelArguments";
import { endReport, planReport, progressText } from "./labelReport";
import { openMining } from "./openMining";
import type { OpenedMining } from "./openMining";
import { inVectorsTime, stopOnCancel } from "./stopping";
import { SearchWatch, whenInterrupted } from "./searchWatch";
import { counted } from "./words";

/** Where the file's own service is not known. */
const BATCH_SERVICE = "the service that the file is given to";
/** Problems of a batch that are told one by one. */
const MOST_PROBLEMS = 20;

/** `nearmiss label`: what language models would be asked about a data set; with --send or --dry-run they are asked. */
export async function labelCommand(args: LabelArguments, host: CliHost): Promise<Result<number>> {
  const access = accessOf(args, host);
  if (!access.ok) return access;
  const search = new SearchWatch();
  const opened = await openMining(args, host, search.advanced);
  if (!opened.ok) return opened;
  try {
    const labelling = await newLabelling(opened.value, host);
    if (!labelling.ok) return labelling;
    return await label(args, host, { ...opened.value, ...access.value, labelling: labelling.value, search });
  } finally {
    await opened.value.session.dispose();
  }
}

interface Access {
  /** Who gets the texts, for people. */
  readonly goesTo: string;
  /** Asks nobody where nothing is to be sent. */
  readonly chat: ChatModel;
}

interface Labelled extends OpenedMining, Access {
  readonly labelling: Labelling;
  readonly search: SearchWatch;
}

/** The key is taken from the environment, where no list of processes and no history of a shell shows it. */
function accessOf({ endpoint, action, timeout }: LabelArguments, host: CliHost): Result<Access> {
  if (endpoint === undefined) return ok({ goesTo: BATCH_SERVICE, chat: new CollectingChat() });
  const address = endpointAddress(endpoint);
  if (!address.ok) return address;
  const key = host.env["NEARMISS_API_KEY"];
  const access = { url: endpoint, ...(key === undefined || key === "" ? {} : { key }) };
  return ok({
    goesTo: address.value.host,
    chat: sendsAnything({ action }) ? host.createEndpointChat(access, timeout) : new CollectingChat(),
  });
}

function sendsAnything({ action }: Pick<LabelArguments, "action">): boolean {
  return action.kind === "send" || action.kind === "dryRun" || (action.kind === "readBatch" && action.rest === "send");
}

async function newLabelling({ dataset, session }: OpenedMining, host: CliHost): Promise<Result<Labelling>> {
  const { clock, tool, stopwatch } = host;
  const author = await findAuthor({ folder: dataset.homeBase, env: host.env });
  const log = new SuggestionStore({ homeFolder: dataset.homeFolder, author });
  const suggestions = await SuggestionJournal.open({ log, author, clock, newId: randomUUID, tool });
  if (!suggestions.ok) return suggestions;
  const logger: Logger = (level, message) => {
    if (level === "warn" || level === "error") host.tell(message);
  };
  const curation = new Curation({
    session,
    home: new FolderFiles(dataset.homeFolder),
    author,
    clock,
    newSalt: () => randomBytes(16).toString("hex"),
    sha256,
    logger,
    tool,
    dataset: path.basename(dataset.path),
    advanced: () => undefined,
    changed: () => undefined,
  });
  const labelling: Labelling = new Labelling({
    session,
    curation,
    suggestions: suggestions.value,
    cache: host.openAnswerCache(),
    sha256,
    stopwatch,
    logger,
    changed: () => {
      const { progress } = labelling;
      if (progress !== undefined) host.progress(progressText(progress));
    },
  });
  return ok(labelling);
}

async function label(args: LabelArguments, host: CliHost, run: Labelled): Promise<Result<number>> {
  const { action } = args;
  if (action.kind === "readBatch") {
    const taken = await takeIn(action.file, host, run);
    if (!taken.ok) return taken;
  }
  const order = planOrder(args, run);
  const planned = await planInTime(order, host, run);
  if (!planned.ok) return planned;
  host.progress("");
  switch (action.kind) {
    case "plan":
      await host.print(planReport(planned.value, { json: args.json }));
      return ok(EXIT_OK);
    case "writeBatch":
      return await writeBatch({ file: action.file, json: args.json }, order, host, run);
    default:
      if (sendsAnything(args)) host.tell(planned.value.text);
      return await ask(args, host, run, planned.value);
  }
}

function planOrder({ task, ask, confirm, queries, action }: LabelArguments, { session, goesTo }: Labelled): PlanOrder {
  const wanted = queries ?? session.config.labelling.queries;
  const planned = (model: NamedModel): PlanOrder["ask"] => ({ ...model, goesTo });
  return {
    task,
    queries: action.kind === "dryRun" ? Math.min(wanted, DRY_RUN_QUERIES) : wanted,
    ask: planned(ask),
    ...(confirm === undefined ? {} : { confirm: planned(confirm) }),
  };
}

/** Plans once the vectors are made and the candidates of the whole file are found. */
async function planInTime(order: PlanOrder, host: CliHost, { session, labelling, search }: Labelled): Promise<Result<LabellingPlan>> {
  const stopWatching = stopOnCancel(session, host.cancellation);
  const callOff = whenInterrupted(host, search.wake);
  try {
    const ready = await inVectorsTime(session, host.cancellation);
    if (!ready.ok) return ready;
    for (;;) {
      const advance = search.next();
      const planned = await labelling.plan(order);
      if (host.cancellation.requested) return err({ reason: "cancelled", message: "Stopped." });
      if (!planned.ok) return planned;
      if (planned.value.kind === "plan") return ok(planned.value.plan);
      host.progress(`Searching for candidates: ${String(planned.value.done)} of ${counted(planned.value.total, "query", "queries")}`);
      await advance;
    }
  } finally {
    callOff();
    stopWatching();
  }
}

async function ask(args: LabelArguments, host: CliHost, run: Labelled, plan: LabellingPlan): Promise<Result<number>> {
  const { labelling, chat } = run;
  const { task, queries } = planOrder(args, run);
  const order: LabellingOrder = {
    task,
    queries,
    ask: { ...args.ask, chat },
    ...(args.confirm === undefined ? {} : { confirm: { ...args.confirm, chat } }),
    dryRun: args.action.kind === "dryRun",
    concurrency: args.concurrency,
  };
  const callOff = whenInterrupted(host, () => {
    host.tell("Stopping; what was answered is kept. Press Ctrl+C again to end at once.");
    labelling.stop();
  });
  try {
    const started = await labelling.start(order);
    if (!started.ok) return started;
    const ended = await labelling.ended();
    if (ended?.ok !== true) return ended ?? ok(EXIT_OK);
    host.progress("");
    await host.print(endReport(plan, ended.value, { json: args.json }));
    if (args.action.kind === "readBatch" && args.action.rest === "leave" && ended.value.failed > 0)
      host.tell(
        `To write another batch of what is still without an answer: --queries ${String(ended.value.failed)} --write-batch FILE in place of --read-batch.`,
      );
    return ok(exitCode(ended.value));
  } finally {
    callOff();
    await labelling.dispose();
  }
}

/** A script must know where queries got no verdict. */
function exitCode({ end, failed }: LabellingEnd): number {
  if (end === "stopped") return EXIT_STOPPED;
  if (end === "failed") return EXIT_BAD_INPUT;
  return failed > 0 ? EXIT_FINDINGS : EXIT_OK;
}

async function writeBatch(
  { file, json }: { readonly file: string; readonly json: boolean },
  order: PlanOrder,
  host: CliHost,
  { labelling }: Labelled,
): Promise<Result<number>> {
  const batch = await labelling.writeBatch(order);
  if (!batch.ok) return batch;
  const { lines, later } = batch.value;
  const done = async (): Promise<Result<number>> => {
    if (json) await host.print(`${JSON.stringify({ batch: { questions: lines.length, later } }, undefined, 2)}\n`);
    return ok(EXIT_OK);
  };
  if (lines.length === 0) {
    host.tell("There is nothing to ask that has no answer yet; no file was written.");
    return await done();
  }
  const written = await writeAtomically(
    path.resolve(host.cwd, file),
    lines.map((line) => `${line}\n`),
    { overwrite: false },
  );
  if (!written.ok) return written;
  host.tell(
    `${counted(lines.length, "question is", "questions are")} in ${file}. Give it to a batch service, then take its answers in with --read-batch.`,
  );
  if (later > 0)
    host.tell(`Up to ${counted(later, "question depends", "questions depend")} on these answers: write another batch afterwards.`);
  return await done();
}

async function takeIn(file: string, host: CliHost, { labelling }: Labelled): Promise<Result<null>> {
  const read = await readAllLines(path.resolve(host.cwd, file));
  if (!read.ok) return read;
  const taken = await labelling.readBatch(read.value.lines.map(({ text }) => text));
  if (!taken.ok) return taken;
  const { answers, problems } = taken.value;
  for (const problem of problems.slice(0, MOST_PROBLEMS)) host.tell(`${file}: ${failureText(problem)}`);
  if (problems.length > MOST_PROBLEMS) host.tell(`${file}: ${String(problems.length - MOST_PROBLEMS)} more lines cannot be used.`);
  host.tell(`${counted(answers, "answer", "answers")} taken in from ${file}.`);
  return ok(null);
}
