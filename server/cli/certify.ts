import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { currentAudit, datasetName, loadAudits } from "#core/audit/auditFiles";
import type { AuditTarget } from "#core/audit/auditBound";
import { auditSample } from "#core/audit/auditSample";
import type { AuditPopulation } from "#core/audit/auditPopulation";
import { auditVerdicts } from "#core/audit/auditVerdicts";
import { auditStatement, percent, statementText } from "#core/audit/boundWords";
import type { AuditStatement } from "#core/audit/boundWords";
import type { FoldedMarks } from "#core/marks/foldMarks";
import { failureText } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { sha256 } from "../runtime/hash";
import { noAudit } from "../runtime/store/certifiedExport";
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
  const name = datasetName(dataset.path);
  const population = currentAudit(audits.value.audits, name);
  if (population === undefined) return err(noAudit(name, audits.value));
  for (const problem of audits.value.problems) host.tell(failureText(problem));
  const marks = await readMarks(dataset, host);
  if (!marks.ok) return marks;
  const { max_false_negatives: maxFalseNegatives, confidence } = dataset.config.curation;
  const standing = standingOf(population, marks.value, { maxFalseNegatives, confidence });
  await host.print(args.json ? standingJson(standing) : standingText(standing));
  return ok(EXIT_OK);
}

/** An audit with what its marks come to, in all and by source. */
interface Standing {
  readonly population: AuditPopulation;
  readonly target: AuditTarget;
  readonly total: AuditStatement;
  readonly sources: readonly (readonly [source: string, stated: AuditStatement])[];
}

function standingOf(population: AuditPopulation, marks: FoldedMarks, target: AuditTarget): Standing {
  const sample = auditSample(population, auditVerdicts(marks));
  return {
    population,
    target,
    total: auditStatement(sample, target),
    sources: [...sample.sources].map(([source, facts]) => [source, auditStatement(facts, target)]),
  };
}

function standingText({ population, target, total, sources }: Standing): string {
  const { name, begun, author, pairs } = population;
  const head = `Audit ${name}, begun ${begun} by ${author}: ${counted(pairs.length, "pair", "pairs")}, at a confidence of ${percent(target.confidence)}`;
  const said = (what: string, stated: AuditStatement): string => {
    const behind = stated.found - stated.falseNegatives;
    return `${what}: ${statementText(stated, target)}${behind === 0 ? "" : ` (${String(behind)} more false found outside the sample)`}`;
  };
  const lines = [head, said("all", total), ...(sources.length > 1 ? sources.map(([source, stated]) => said(source, stated)) : [])];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function standingJson({ population, target, total, sources }: Standing): string {
  const { name, begun, author, pairs } = population;
  const answer = {
    audit: { name, begun, author, pairs: pairs.length },
    target: { max_false_negatives: target.maxFalseNegatives, confidence: target.confidence },
    total: inJson(total),
    sources: sources.map(([source, stated]) => ({ source, ...inJson(stated) })),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function inJson({ pairs, marked, falseNegatives, found, bound, atMost, moreCleanMarks }: AuditStatement): object {
  return { pairs, marked, false_negatives: falseNegatives, found, bound, at_most: atMost, more_clean_marks: moreCleanMarks ?? null };
}
