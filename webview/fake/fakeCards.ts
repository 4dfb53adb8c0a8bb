import type { CandidateView, PassageView, PositiveView, Verdict } from "#protocol/review";
import { fakeSuspicion } from "./fakeCuration";
import { fakeFile } from "./fakeDataset";
import type { FakeServer } from "./fakeServer";
import type { FakeQuery } from "./passages";

const dropRules: readonly { readonly rule: string; readonly reason: string }[] = [
  { rule: "near_duplicate", reason: "similarity 0.981 to a positive, at or above near_duplicate 0.95" },
  { rule: "relative_margin", reason: "score 0.742 is above 0.95 × 0.764, the lowest positive" },
  { rule: "range_max", reason: "rank 31 is beyond range_max 30" },
];

/** The positives of a query, those that were promoted last. */
export function positivesOf(server: FakeServer, query: FakeQuery): readonly PositiveView[] {
  const promoted = query.candidates.flatMap((text, i) =>
    server.marks.verdictOn(query.id, `${query.id}/n${String(i)}`) === "false_negative" ? [{ text, i }] : [],
  );
  const listed = query.positives.map((text, i) => {
    const key = `${query.id}/p${String(i)}`;
    const wrong = server.isUncovered(query) ? server.labelling.wrongPositive(query, key) : undefined;
    const called = wrong === undefined ? {} : { calledWrong: wrong };
    return { ...passageOf(server, query.id, key, text, 900 + i), ...scoreOf(server, 0.842 - i * 0.078), promoted: false, ...called };
  });
  return [
    ...listed,
    ...promoted.map(({ text, i }) => ({
      ...passageOf(server, query.id, `${query.id}/n${String(i)}`, text, 201 + i * 7),
      ...scoreOf(server, 0.8 - i * 0.01),
      promoted: true,
    })),
  ];
}

/** The nth candidate of a query: its place decides score, source and rule, and the marks whether it is kept. */
export function candidateOf(server: FakeServer, query: FakeQuery, text: string, i: number): CandidateView {
  const key = `${query.id}/n${String(i)}`;
  const passage = passageOf(server, query.id, key, text, 201 + i * 7);
  const dropped = i % 5 === 4 && query.candidates.length < 100 ? dropRules[Math.floor(i / 5) % dropRules.length] : undefined;
  const leaves = passage.verdict !== undefined && !["true_negative", "later"].includes(passage.verdict);
  const score = server.retrieval === "dense" ? 0.786 - 0.0187 * Math.min(i, 30) - 0.00001 * i : 21.4 - 0.9 * Math.min(i, 20);
  const rule = leaves
    ? { rule: "marked", reason: "your verdict took it out of the negatives" }
    : (dropped ?? {
        rule: i % 3 === 2 ? "pinned" : "sampled",
        reason: i % 3 === 2 ? "listed in the file and verified" : `drawn from ranks 1 to 30`,
      });
  return {
    ...passage,
    rank: i + 2,
    score,
    ...(query.positives.length > 0 && server.retrieval === "dense" ? { margin: 0.764 - score } : {}),
    ...originOf(server, i),
    kept: !leaves && dropped === undefined,
    ...rule,
    listed: i % 4 === 1,
    ...opinionOf(server, query, i, passage.verdict),
    ...(server.teaches && passage.verdict === undefined ? { suspicion: fakeSuspicion(i) } : {}),
    ...(server.training.adapterInUse !== undefined && i % 6 === 3 && dropped === undefined && passage.verdict === undefined
      ? { isNew: true }
      : {}),
    otherUses: i % 3 === 0 ? i + 1 : 0,
  };
}

export function passageOf(server: FakeServer, query: string, key: string, text: string, line: number): PassageView {
  const verdict = server.marks.verdictOn(query, key);
  return { key, id: key, text, place: { file: fakeFile, line }, ...(verdict === undefined ? {} : { verdict }) };
}

/** Where a candidate comes from: most from one source, some from two, some drawn and scored anew. */
function originOf(
  { retrieval }: FakeServer,
  i: number,
): Pick<CandidateView, "source" | "sources" | "probability" | "rescored" | "positiveSimilarity"> {
  if (retrieval === "lexical") return { source: "bm25", sources: ["bm25"] };
  const rescored = i % 4 === 3 ? { rescored: 7.31 - i * 0.4 } : {};
  const positiveSimilarity = 0.88 - i * 0.03;
  if (i % 3 === 1) return { source: "simans", sources: ["simans"], probability: 0.031 / (1 + i / 8), positiveSimilarity, ...rescored };
  if (i % 3 === 2) return { source: "same_article", sources: ["same_article", "top"], positiveSimilarity, ...rescored };
  return { source: "top", sources: ["top"], positiveSimilarity, ...rescored };
}

function opinionOf(
  { labelling }: FakeServer,
  query: FakeQuery,
  i: number,
  verdict: Verdict | undefined,
): Pick<CandidateView, "opinion" | "hasHiddenOpinion"> {
  const opinion = labelling.opinionOn(query, i);
  if (opinion === undefined) return {};
  return verdict !== undefined || labelling.shows === "always" ? { opinion } : { hasHiddenOpinion: true };
}

function scoreOf({ retrieval }: FakeServer, score: number): { readonly score?: number } {
  return retrieval === "dense" ? { score } : {};
}
