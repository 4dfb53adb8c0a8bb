import { expect, test } from "vitest";
import { ProposalMaker } from "#core/curation/proposals";
import { ok } from "#core/util/result";
import { configOf, curationFixture, value } from "./curationFixture";

test("proposals under way for a former configuration do not answer for the present one", async () => {
  const { session, curation } = await curationFixture();
  value(await curation.beginAudit({ requested: false }));
  const audit = ok(value(await curation.audit()));
  const asked: ReturnType<ProposalMaker["now"]>[] = [];
  const maker: ProposalMaker = new ProposalMaker({
    session,
    audit: () => Promise.resolve(audit),
    // Nearly at the end of the first ones: the configuration changes, and somebody asks again.
    askFirst: () => {
      if (asked.length > 0) return;
      void session.setConfig(configOf({ curation: { max_false_negatives: 0.125 } }));
      asked.push(maker.now(false));
    },
  });
  const targets: number[] = [];
  for (let step = value(await maker.now(false)); asked.length === 0; step = value(await maker.now(false))) expect(step.kind).toBe("mining");
  for (const answer of await Promise.all(asked)) {
    const step = value(answer);
    if (step.kind === "proposals") targets.push(step.target.maxFalseNegatives);
  }
  expect(targets).toEqual([0.125]);
});
