// `npm run bench [-- NAME...]`: builds what is measured and prints one table of figures.
import { node, runBundled } from "./runBundled.mjs";
import { presentBuild, sourceStamp } from "./sources.mjs";

if (presentBuild()?.stamp !== sourceStamp()) node("scripts/build.mjs");
process.exit(await runBundled("test/bench/main.ts"));
