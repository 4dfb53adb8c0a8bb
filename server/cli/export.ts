import path from "node:path";
import { ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { exportDataset } from "../runtime/store/exportDataset";
import type { ExportArguments } from "./arguments";
import { EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { openMining } from "./openMining";
import { shownPath } from "./shownPath";
import { counted } from "./words";
import { stopOnCancel } from "./stopping";

/** `nearmiss export`: a new file and its manifest. */
export async function exportCommand(args: ExportArguments, host: CliHost): Promise<Result<number>> {
  const opened = await openMining(args, host);
  if (!opened.ok) return opened;
  const { dataset, session } = opened.value;
  const stopWatching = stopOnCancel(session, host.cancellation);
  try {
    const exported = await exportDataset({
      dataset,
      session,
      format: args.format,
      negatives: args.negatives,
      out: path.resolve(host.cwd, args.out),
      overwrite: args.force,
      certify: args.certify,
      tool: host.tool,
      clock: host.clock,
      cancellation: host.cancellation,
      onProgress: (done, total) => {
        host.progress(`Mining ${String(done)} of ${String(total)}`);
      },
    });
    if (!exported.ok) return exported;
    host.progress("");
    const { file, manifest, counts, negatives, records, certificate, notes } = exported.value;
    for (const note of notes) host.tell(note);
    host.tell(
      `${counted(records.records, "record", "records")}, ${String(records.unchanged)} unchanged; ${counted(negatives, "negative", "negatives")}, ${String(counts.promoted)} promoted.`,
    );
    if (certificate !== undefined) host.tell(certificate.text);
    const written = [file, manifest, ...(certificate === undefined ? [] : [certificate.file, certificate.page])];
    await host.print(written.map((name) => `${shownPath(name, host.cwd)}\n`).join(""));
    return ok(EXIT_OK);
  } finally {
    stopWatching();
    await session.dispose();
  }
}
