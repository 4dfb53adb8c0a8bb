// `npm test [-- vitest arguments]`: installs and builds what the tests need, runs all suites, and ends with one line of counts.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { installDependencies } from "./installDependencies.mjs";
import { installChromium, installVscode } from "./realVscode/install.mjs";
import { presentBuild, root, sourceStamp } from "./sources.mjs";

const report = path.join(root, ".cache", "test-report.json");

installDependencies();
process.env.CHROMIUM_PATH = installChromium();
installVscode();
// The package is made from a build of its own, and is what the journeys install.
const vsix = path.join(root, ".cache", "nearmiss.vsix");
const packed = `${vsix}.stamp`;
const stamp = sourceStamp();
if (presentBuild()?.stamp !== stamp || !fs.existsSync(vsix) || readIfThere(packed) !== stamp) {
  node("scripts/package.mjs", "--out", vsix);
  fs.writeFileSync(packed, presentBuild().stamp);
}

fs.rmSync(report, { force: true });
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const status = node("node_modules/vitest/vitest.mjs", "run", ...reporters, ...process.argv.slice(2));
const { passed, failed, skipped } = counts(status);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 ? 1 : 0);

function node(script, ...args) {
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0 && script.startsWith("scripts/")) process.exit(status ?? 1);
  return status;
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

/** A file that could not be loaded, an error outside of tests and a run that ended early count as a failure each. */
function counts(status) {
  if (!fs.existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(fs.readFileSync(report, "utf8"));
  const unloaded = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const failed = numFailedTests + unloaded.length;
  return { passed: numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: numPendingTests + numTodoTests };
}
