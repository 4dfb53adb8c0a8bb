import type { Failure } from "#core/util/failure";
import { failureText } from "#core/util/failure";
import { readArguments } from "./arguments";
import type { CommandArguments } from "./arguments";
import { batchesCommand } from "./batches";
import { certifyCommand } from "./certify";
import { checkCommand } from "./check";
import { EXIT_BAD_INPUT, EXIT_OK, EXIT_STOPPED } from "./cliHost";
import type { CliHost } from "./cliHost";
import { shownPath } from "./shownPath";
import { trainCommand } from "./train";
import { evaluateCommand } from "./evaluate";
import { exportCommand } from "./export";
import { helpText } from "./help";
import { labelCommand } from "./label";
import { marksCommand } from "./marks";
import { mineCommand } from "./mine";
import { verifyCommand } from "./verify";
import type { Result } from "#core/util/result";

/** Runs one command line, given without node and the program's name, and answers the exit code. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const read = readArguments(argv);
  if (!read.ok) return refuse(read.failure, host);
  const code = await run(read.value, host);
  host.progress("");
  return code.ok ? code.value : refuse(code.failure, host);
}

async function run(args: CommandArguments, host: CliHost): Promise<Result<number>> {
  switch (args.command) {
    case "help":
      await host.print(helpText);
      return { ok: true, value: EXIT_OK };
    case "version":
      await host.print(`${host.tool}\n`);
      return { ok: true, value: EXIT_OK };
    case "mine":
      return mineCommand(args, host);
    case "export":
      return exportCommand(args, host);
    case "batches":
      return batchesCommand(args, host);
    case "train":
      return trainCommand(args, host);
    case "label":
      return labelCommand(args, host);
    case "evaluate":
      return evaluateCommand(args, host);
    case "certify":
      return certifyCommand(args, host);
    case "verify":
      return verifyCommand(args, host);
    case "check":
      return checkCommand(args, host);
    case "marks":
      return marksCommand(args, host);
  }
}

function refuse(failure: Failure, host: CliHost): number {
  if (failure.reason === "cancelled") {
    host.tell("Stopped.");
    return EXIT_STOPPED;
  }
  const { place } = failure;
  host.tell(
    `nearmiss: ${failureText(place === undefined ? failure : { ...failure, place: { ...place, file: shownPath(place.file, host.cwd) } })}`,
  );
  return EXIT_BAD_INPUT;
}
