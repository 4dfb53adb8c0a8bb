import { auditOrder } from "#core/audit/auditOrder";
import type { AuditPair } from "#core/audit/auditPair";
import type { AuditPopulation } from "#core/audit/auditPopulation";
import { newPopulation } from "#core/audit/population";
import { emittedRows } from "#core/curation/emission";
import { ProposalMaker } from "#core/curation/proposals";
import { defaultConfig } from "#core/config/config";
import { foldMarks } from "#core/marks/foldMarks";
import type { VerdictMark } from "#core/marks/mark";
import type { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { ok } from "#core/util/result";
import { seededRandom } from "#core/util/random";
import { sha256 } from "../../server/runtime/hash";
import { clusteredData } from "./clusteredData";
import { quantile, type Bench, type Figure } from "./figure";
import { samplers, SessionBench, value } from "./sessionBench";

const QUERIES = 10_000;
const PASSAGES = 20_000;
const AUDITED = 400;
const HARVESTED = 300;
/** So few are false that nearly every setting passes and has to be tried. */
const SHARE_FALSE = 0.01;

/** All proposals for a file of 10,000 queries with 100 candidates each, after 400 audited and 300 harvested pairs. */
export const proposalsBench: Bench = {
  name: "proposals",
  run: async () => {
    const data = clusteredData(QUERIES, PASSAGES);
    const bench = await SessionBench.open(data);
    try {
      return await figures(bench);
    } finally {
      await bench.close();
      data.remove();
    }
  },
};

async function figures(bench: SessionBench): Promise<readonly Figure[]> {
  const { session } = bench;
  const sampler = { ...defaultConfig.sampler, ...samplers.simans };
  await session.setConfig({ ...defaultConfig, sampler });
  await bench.preview(samplers.simans);
  const population = await populationOf(session);
  session.setMarks(foldMarks(marksOf(population)));
  await bench.preview(samplers.simans);
  const maker = new ProposalMaker({ session, audit: () => Promise.resolve(ok(population)), askFirst: () => undefined });
  const held = { longest: 0 };
  let last = performance.now();
  const watch = setInterval(() => {
    held.longest = Math.max(held.longest, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  const first = await made(maker);
  const [times, processor]: [number[], number[]] = [[], []];
  for (const confidence of [0.94, 0.93, 0.92]) {
    const { config } = session;
    await session.setConfig({ ...config, curation: { ...config.curation, confidence } });
    const before = process.cpuUsage();
    times.push((await made(maker)).milliseconds);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
  }
  clearInterval(watch);
  return [
    { name: `proposals, the first: ${first.text}`, value: first.milliseconds, unit: "ms" },
    { name: "the same again after a change, median", value: quantile(times, 0.5), unit: "ms", goal: 3000 },
    { name: "the same, worst", value: quantile(times, 1), unit: "ms", goal: 3000 },
    { name: "processor time of it, median", value: quantile(processor, 0.5), unit: "ms" },
    { name: "longest time without an answer meanwhile", value: held.longest, unit: "ms" },
  ];
}

async function made(maker: ProposalMaker): Promise<{ readonly milliseconds: number; readonly text: string }> {
  const started = performance.now();
  const step = value(await maker.now(true));
  if (step.kind === "mining") throw new Error("The candidates of the file were to be known.");
  const tested = step.trials.reduce((sum, { knobs }) => sum + knobs.reduce((all, knob) => all + knob.tested.length, 1), 0);
  const text = `${String(tested)} settings tested, ${String(step.proposals.length + step.simans.length)} priced`;
  return { milliseconds: performance.now() - started, text };
}

async function populationOf(session: DatasetSession): Promise<AuditPopulation> {
  const pairs: AuditPair[] = [];
  value(
    await session.mineAll((query) => {
      for (const { row: _, ...pair } of emittedRows(query, session.collection)) pairs.push(pair);
    }, neverCancelled),
  );
  const header = { salt: sha256("bench").slice(0, 32), begun: "", author: "ann", tool: "bench", dataset: "train.jsonl" };
  return newPopulation({ ...header, number: 1, configHash: session.configHash, model: "", pairs }, sha256);
}

/** Audited pairs from the beginning of the order, harvested ones from its end. */
function marksOf(population: AuditPopulation): readonly VerdictMark[] {
  const random = seededRandom("verdicts");
  const order = auditOrder(population).map(({ pair }) => pair);
  const audited = order.slice(0, AUDITED).map((pair) => ({ pair, isFalse: random() < SHARE_FALSE, lane: "audit" as const }));
  const harvested = order.slice(-HARVESTED).map((pair) => ({ pair, isFalse: random() < 0.3, lane: "harvest" as const }));
  return [...audited, ...harvested].map(({ pair, isFalse, lane }, at) => ({
    kind: "verdict",
    mark: `m${String(at)}`,
    time: "",
    author: "ann",
    verdict: isFalse ? "false_negative" : "true_negative",
    query: { key: pair.query },
    document: { key: pair.document },
    lane,
    ...(lane === "audit" ? { salt: population.salt } : {}),
    source: pair.source,
    blind: lane === "audit",
    suggestion_shown: false,
    tool: "bench",
  }));
}
