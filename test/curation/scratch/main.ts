import { FEATURES, FeatureScaler } from "#core/falseNegatives/features";
import { fitModel } from "#core/falseNegatives/fitModel";
import { priorModel } from "#core/falseNegatives/priorModel";
import { probabilityAt } from "#core/falseNegatives/probabilityAt";
import type { FalseNegativeModel, LabelledPair } from "#core/falseNegatives/falseNegativeModel";
import { rowGradients } from "#core/gradients/rowGradients";
import { gradientSettings } from "#core/gradients/gradientSettings";
import { defaultConfig } from "#core/config/config";
import type { MinedQuery } from "#core/mining/miningState";
import { pairFeatures } from "#core/mining/pairFeatures";
import { auditPosition } from "#core/audit/auditPosition";
import { frozenVectors } from "../../judged/frozenVectors";
import { loadJudged } from "../../judged/judgedCollection";
import { judgedMark } from "../../judged/judgedMark";
import { curationSplitOf } from "../curationSplit";
import { Curator } from "../curator";
import { emissionOf } from "../emission";
import { rateAtHardness } from "../equalHardness";
import { filters, LEVELS, measuredSampler, markedSampler } from "../samplers";
import { Workbench } from "../workbench";

const W = FEATURES.length;
const args = process.argv.slice(2);
const names = args.filter((a) => !/^\d/.test(a));
const SEEDS = Number(args.find((a) => /^\d/.test(a)) ?? 3);
const vectors = await frozenVectors();
const feats = (m: MinedQuery, rows?: number[]) => pairFeatures(m.facts, m.context, rows);

interface Table {
  q: number;
  rows: number[];
  docs: number[];
  scores: number[];
  table: Float64Array;
  hidden: Set<number>;
  wanted: number;
  judged?: ReadonlySet<number>;
}

for (const name of names) {
  const judged = (await loadJudged(name))!;
  const bench = new Workbench(judged, vectors);
  const rates: Record<string, (number | undefined)[][]> = {};
  const coefs: Record<string, number[][]> = {};
  for (let seed = 1; seed <= SEEDS; seed++) {
    const split = curationSplitOf(judged, seed);
    await bench.enter(split);
    const rec = (f: string, em: ReturnType<typeof emissionOf>[], levels: number[]) =>
      (rates[f] ??= []).push(levels.map((h) => rateAtHardness(em, h)));
    const t1 = performance.now();
    let levels: number[] = [];
    for (const f of filters) {
      const em = [];
      for (const s of f.settings) {
        await bench.use(measuredSampler(s), []);
        const e = emissionOf(await bench.mine(), split.heldOut, judged.judged);
        em.push(e);
        if (f.name === "rank shift" && (LEVELS as readonly number[]).includes(s.range_min!)) levels.push(e.hardness);
      }
      if (f.name === "rank shift") levels.sort((a, b) => b - a);
      rec(f.name, em, levels);
    }
    // guard emulation
    await bench.use({ ...measuredSampler(), num_negatives: 200 }, []);
    const all = await bench.mine();
    const scaler = new FeatureScaler();
    for (const m of all) {
      const t = feats(m, [...m.decision.kept]);
      for (let i = 0; i < m.decision.kept.length; i++) scaler.add(t, i);
    }
    const scale = scaler.scale();
    const tables: Table[] = split.heldOut.map(({ query, hidden }) => {
      const m = all[query]!;
      const rows = [...m.decision.kept];
      return {
        q: query,
        rows,
        docs: rows.map((r) => m.pool.documents[r]!),
        scores: rows.map((r) => m.pool.scores[r]!),
        table: feats(m, rows),
        hidden: hidden as Set<number>,
        wanted: 5,
        ...(judged.judged ? { judged: judged.judged[query]! } : {}),
      };
    });
    const evaluate = (prob: (t: Table, i: number) => number) => {
      const probs = tables.map((t) => t.rows.map((_, i) => prob(t, i)));
      const flat = probs.flat().sort((a, b) => a - b);
      const em = [];
      for (let k = 1; k <= 60; k++) {
        const tau = k === 60 ? Infinity : flat[Math.floor(flat.length * (0.02 + 0.98 * (k / 60)))]!;
        const s = { e: 0, k: 0, h: 0, sc: 0, w: 0 };
        for (const [ti, t] of tables.entries()) {
          s.w += 5;
          let n = 0;
          for (let i = 0; i < t.rows.length && n < 5; i++) {
            if (probs[ti]![i]! > tau) continue;
            n++;
            s.e++;
            s.sc += t.scores[i]!;
            if (!t.judged || t.judged.has(t.docs[i]!)) s.k++;
            if (t.hidden.has(t.docs[i]!)) s.h++;
          }
        }
        em.push({ falseNegatives: s.h / s.k, known: s.k / s.e, hardness: s.sc / s.e, yield: s.e / s.w });
      }
      return em;
    };
    const one = (f: string) => (t: Table, i: number) => t.table[i * W + FEATURES.indexOf(f as never)]!;
    const z = (f: string) => {
      const j = FEATURES.indexOf(f as never);
      return (t: Table, i: number) => (t.table[i * W + j]! - scale.means[j]!) / scale.deviations[j]!;
    };
    rec("emul s(d+,d)", evaluate(one("positive_similarity")), levels);
    rec("emul mean s(d+,d)", evaluate(one("mean_positive_similarity")), levels);
    const mdl = (m: FalseNegativeModel) => (t: Table, i: number) =>
      probabilityAt({ ...m, calibration: { kind: "none" } }, t.table, i, "top");
    rec("guard prior", evaluate(mdl(priorModel(scale))), levels);
    // oracle fit: all heldout labels of top 100? fit on marked half, all its survivors up to 50
    const lab = (query: number, m: MinedQuery, hidden: ReadonlySet<number>, rows: number[]): LabelledPair[] => {
      const t = feats(m, rows);
      return rows
        .filter((r) => !judged.judged || judged.judged[query]!.has(m.pool.documents[r]!))
        .map((r) => {
          const i = rows.indexOf(r);
          return {
            query: bench.session.collection.queries[query]!.key,
            document: String(m.pool.documents[r]),
            source: "top",
            values: t.slice(i * W, (i + 1) * W),
            isFalseNegative: hidden.has(m.pool.documents[r]!),
            isRandom: true,
          };
        });
    };
    for (const depth of [20, 60, 200]) {
      const pairs = split.marked.flatMap(({ query, hidden }) =>
        lab(query, all[query]!, hidden, [...all[query]!.decision.kept].slice(0, depth)),
      );
      const m = fitModel(pairs, scale);
      rec(`fit on all of marked half, top ${depth}`, evaluate(mdl(m)), levels);
      (coefs[`all${depth}`] ??= []).push([m.intercept, ...m.coefficients]);
    }
    // curator loop
    for (const mode of ["rhythm", "random", "harvest"]) {
      const curator = new Curator(judged, { errors: 0, seed });
      const marks = new Map<string, ReturnType<typeof judgedMark>>();
      const info = new Map<string, { lane: string }>();
      let model = priorModel(scale);
      const hiddenOf = new Map(split.marked.map((q) => [q.query, q]));
      let exhausted = false;
      let found = 0;
      for (let n = 0; n < 400 && !exhausted; n += 10) {
        await bench.use(markedSampler, [...marks.values()]);
        const mined = await bench.mine();
        // refit
        const pairs: LabelledPair[] = [];
        for (const [k, mark] of marks) {
          const [q, d] = k.split(" ").map(Number) as [number, number];
          if (mark.verdict !== "true_negative" && mark.verdict !== "false_negative") continue;
          const m = mined[q]!;
          const row = m.pool.documents.indexOf(d);
          if (row < 0) continue;
          pairs.push({
            query: bench.session.collection.queries[q]!.key,
            document: String(d),
            source: "top",
            values: feats(m, [row]),
            isFalseNegative: mark.verdict === "false_negative",
            isRandom: info.get(k)!.lane === "audit",
          });
        }
        model = fitModel(pairs, scale);
        if ([30, 100, 200].includes(n)) {
          rec(`guard ${mode} ${n}`, evaluate(mdl(model)), levels);
          if (mode === "rhythm") (coefs[`r${n}`] ??= []).push([model.intercept, ...model.coefficients]);
        }
        const lane = mode === "random" ? "audit" : mode === "harvest" ? "harvest" : n % 60 < 40 ? "harvest" : "audit";
        const cards: { q: number; d: number; key: number }[] = [];
        for (const { query } of split.marked) {
          const m = mined[query]!;
          const kept = m.decision.kept.filter((r) => !marks.has(`${query} ${m.pool.documents[r]!}`));
          if (lane === "audit") {
            for (const r of kept)
              cards.push({
                q: query,
                d: m.pool.documents[r]!,
                key: -auditPosition(`s${seed}`, { query: String(query), document: String(m.pool.documents[r]) }),
              });
            continue;
          }
          const g = rowGradients(m, gradientSettings(defaultConfig.training));
          const t = feats(m, kept as number[]);
          let best: { q: number; d: number; key: number } | undefined;
          kept.forEach((r, i) => {
            const key = probabilityAt(model, t, i, "top") * (g?.weights[r] ?? 0);
            if (!best || key > best.key) best = { q: query, d: m.pool.documents[r]!, key };
          });
          if (best) cards.push(best);
        }
        cards.sort((a, b) => b.key - a.key);
        if (cards.length === 0) exhausted = true;
        for (const { q, d } of cards.slice(0, 10)) {
          const verdict = curator.answer(q, d);
          if (verdict === "false_negative") found++;
          marks.set(`${q} ${d}`, judgedMark(bench.session.collection, { query: q, document: d, verdict }));
          info.set(`${q} ${d}`, { lane });
        }
      }
      rec(`guard ${mode} ${marks.size >= 400 ? 400 : "end"}`, evaluate(mdl(model)), levels);
      if (mode === "rhythm") (coefs[`r400`] ??= []).push([model.intercept, ...model.coefficients]);
      if (seed === 1) console.log(mode, "marks", marks.size, "found", found);
    }
    console.log(name, seed, "s", ((performance.now() - t1) / 1000).toFixed(1));
  }
  for (const [f, r] of Object.entries(rates))
    console.log(
      f.padEnd(45),
      [0, 1, 2]
        .map((l) => {
          const v = r.map((x) => x[l]).filter((x) => x !== undefined);
          return `${((100 * v.reduce((a, b) => a + b, 0)) / v.length).toFixed(1)}(${v.length})`;
        })
        .join("  "),
    );
  console.log(["int", ...FEATURES].map((f) => f.slice(0, 9)).join(" "));
  for (const [k, c] of Object.entries(coefs))
    console.log(k, c[0]!.map((_, i) => (c.reduce((s, x) => s + x[i]!, 0) / c.length).toFixed(2)).join("  "));
  await bench.dispose();
}
process.exit(0);
