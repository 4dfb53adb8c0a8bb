import { frozenVectors } from "../../../judged/frozenVectors";
import { loadJudged } from "../../../judged/judgedCollection";
import { curationSplitOf } from "../../curationSplit";
import { Workbench } from "../../workbench";
const vectors = await frozenVectors();
for (const name of process.argv.slice(2)) {
  const t0 = performance.now();
  const judged = (await loadJudged(name))!;
  const bench = new Workbench(judged, vectors);
  await bench.enter(curationSplitOf(judged, 1));
  console.log(name, ((performance.now() - t0) / 1000).toFixed(0));
  await bench.dispose();
}
process.exit(0);
