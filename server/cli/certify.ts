import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { currentAudit, datasetName, loadAudits } from "#core/audit/auditFiles";
import type { AuditTarget } from "#core/audit/auditBound";
import { auditSample } from "#core/audit/auditSample";
import type { SampleFacts } from "#core/audit/auditSample";
import { auditVerdicts } from "#core/audit/auditVerdicts";
import { auditStatement, percent, statementText } from "#core/audit/boundWords";
import type { AuditStatement } from "#core/audit/boundWords";
import { failureText } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../runtime/hash";
import { FolderFiles } from "../runtime/store/homeFiles";
import { loadDataset } from "../runtime/store/loadDataset";
import { RowTables } from "../runtime/store/rowTable";
import type { CertifyArguments } from "./arguments";
import { EXIT_OK } from "./cliHost";
import type { CliHost } from "./cliHost";
import { correctConfig, readMarks } from "./openMining";
import { counted, printable } from "./words";

/** `nearmiss certify DATASET`: what the marks say of the present audit's pairs, the found false ones aside. Mines nothing. */
export async function certifyCommand(args: CertifyArguments, host: CliHost): Promise<Result<number>> {
  const loaded = await loadDataset(path.resolve(host.cwd, args.dataset), {
    tables: new RowTables(() => nextTurn()),
    overrides: args.settings,
    ...(args.config === undefined ? {} : { configFile: path.resolve(host.cwd, args.config) }),
  });
  if (!loaded.ok) return err(correctConfig(loaded.failure));
  const dataset = loaded.value;
  const audits = await loadAudits(new FolderFiles(dataset.homeFolder), sha256);
  if (!audits.ok) return audits;
  for (const problem of audits.value.problems) host.tell(failureText(problem));
  const name = datasetName(dataset.path);
  const population = currentAudit(audits.value.audits, name);
  if (population === undefined) {
    return err({
      reason: "not-ready",
      message: `There is no audit of ${JSON.stringify(name)}.`,
      nextStep: "Open the audit lane in the panel, which begins one, and mark its pairs.",
    });
  }
  const marks = await readMarks(dataset, host);
  if (!marks.ok) return marks;
  const { max_false_negatives: maxFalseNegatives, confidence } = dataset.config.curation;
  const target = { maxFalseNegatives, confidence };
  const sample = auditSample(population, auditVerdicts(marks.value));
  const lines = [line("all", sample, target), ...[...sample.sources].map(([source, facts]) => line(source, facts, target))];
  const header = { name: population.name, begun: population.begun, author: population.author, pairs: population.pairs.length };
  if (args.json) {
    const [total, ...sources] = lines.map(({ name: source, stated }) => ({ source, ...inJson(stated) }));
    const answer = {
      audit: header,
      target: { max_false_negatives: maxFalseNegatives, confidence },
      total: { ...total, source: undefined },
      sources,
    };
    await host.print(`${JSON.stringify(answer, null, 2)}\n`);
    return ok(EXIT_OK);
  }
  const begun = `Audit ${header.name}, begun ${header.begun} by ${header.author}: ${counted(header.pairs, "pair", "pairs")}, at a confidence of ${percent(confidence)}`;
  const shown = sample.sources.size > 1 ? lines : lines.slice(0, 1);
  await host.print([begun, ...shown.map(({ text }) => text)].map((text) => `${printable(text)}\n`).join(""));
  return ok(EXIT_OK);
}

interface Line {
  readonly name: string;
  readonly stated: AuditStatement;
  readonly text: string;
}

function line(name: string, facts: SampleFacts, target: AuditTarget): Line {
  const stated = auditStatement(facts, target);
  const behind = stated.found - stated.falseNegatives;
  const more = behind === 0 ? "" : ` (${String(behind)} more false found outside the sample)`;
  return { name, stated, text: `${name}: ${statementText(stated, target)}${more}` };
}

function inJson({ pairs, marked, falseNegatives, found, bound, atMost, moreCleanMarks }: AuditStatement): object {
  return { pairs, marked, false_negatives: falseNegatives, found, bound, at_most: atMost, more_clean_marks: moreCleanMarks ?? null };
}
