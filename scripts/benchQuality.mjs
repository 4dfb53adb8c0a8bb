// `npm run bench:quality [-- COLLECTION...]`: what negatives of different kinds are worth, measured on judged collections, into docs/quality.md.
import { runBundled } from "./runBundled.mjs";

process.exit(await runBundled("test/quality/main.ts"));
