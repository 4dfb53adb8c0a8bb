import fs from "node:fs";
import { FEATURES } from "#core/falseNegatives/features";
import { tokenize } from "#core/lexical/tokenize";
import { pairFeatures } from "#core/mining/pairFeatures";
import { frozenVectors } from "../../../judged/frozenVectors";
import { loadJudged } from "../../../judged/judgedCollection";
import { curationSplitOf } from "../../curationSplit";
import { measuredSampler } from "../../samplers";
import { Workbench } from "../../workbench";
const vectors = await frozenVectors();
const args = process.argv.slice(2);
for (const name of args) {
  const judged = (await loadJudged(name))!;
  const bench = new Workbench(judged, vectors);
  for (let seed = 1; seed <= 6; seed++) {
    const split = curationSplitOf(judged, seed);
    await bench.enter(split);
    await bench.use({ ...measuredSampler(), num_negatives: 200 }, []);
    const all = await bench.mine();
    const c = bench.session.collection;
    const toks = c.documents.map((d) => new Set(tokenize(d.text)));
    const df = new Map<string, number>();
    for (const t of toks) for (const w of t) df.set(w, (df.get(w) ?? 0) + 1);
    const idf = (w: string) => Math.log((c.documents.length + 1) / ((df.get(w) ?? 0) + 0.5));
    const out: number[] = [];
    const by = new Map([...split.marked.map((q) => [q.query, [q, 1]] as const), ...split.heldOut.map((q) => [q.query, [q, 0]] as const)]);
    for (const m of all) {
      const [tq, mk] = by.get(m.query)! as any;
      const rows = [...m.decision.kept];
      const t = pairFeatures(m.facts, m.context, rows);
      const qw = new Set(tokenize(c.queries[m.query]!.text));
      const qs = [...qw].reduce((s, w) => s + idf(w), 0);
      const pos = m.pool.positives.map((p) => toks[p]!);
      rows.forEach((r, i) => {
        const d = m.pool.documents[r]!;
        const dw = toks[d]!;
        let s = 0; for (const w of qw) if (dw.has(w)) s += idf(w);
        let best = 0, cont = 0;
        for (const p of pos) { if (p === dw) continue; let inter = 0, uni = 0; for (const w of p) { const x = idf(w); uni += x; if (dw.has(w)) inter += x; } for (const w of dw) if (!p.has(w)) uni += idf(w); if (inter / uni > best) best = inter / uni; if (inter > cont) cont = inter; }
        out.push(m.query, mk, d, m.pool.scores[r]!, tq.hidden.has(d) ? 1 : 0, judged.judged ? (judged.judged[m.query]!.has(d) ? 1 : 0) : 1, s / qs, best, cont, ...t.slice(i * FEATURES.length, (i + 1) * FEATURES.length));
      });
    }
    fs.writeFileSync(`/tmp/hb/${name}.${seed}.f64`, Buffer.from(Float64Array.from(out).buffer));
  }
  console.log(name, FEATURES.length + 9);
  await bench.dispose();
}
process.exit(0);
