import { clusteredData } from "./clusteredData";
import { quantile, type Bench } from "./figure";
import { samplers, SessionBench } from "./sessionBench";

const QUERIES = 10_000;
const PASSAGES = 20_000;

/** Gradients of a whole file while tau moves, with 100 candidates a query and one to three positives. */
export const gradientsBench: Bench = {
  name: "gradients",
  run: async () => {
    const data = clusteredData(QUERIES, PASSAGES);
    const bench = await SessionBench.open(data);
    try {
      const first = await bench.gradients(0.05);
      const preview = await bench.preview(samplers.simans);
      const times: number[] = [];
      for (const temperature of [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1]) times.push(await bench.gradients(temperature));
      return [
        { name: "gradients of 10k queries x 100 candidates, the first with its search", value: first, unit: "ms" },
        { name: "the same at another tau, median", value: quantile(times, 0.5), unit: "ms", goal: 1000 },
        { name: "the same, worst", value: quantile(times, 1), unit: "ms", goal: 1000 },
        { name: "of which deciding, as the sampler's preview does", value: preview, unit: "ms" },
      ];
    } finally {
      await bench.close();
      data.remove();
    }
  },
};
