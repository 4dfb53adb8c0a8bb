import { defineConfig } from "vitest/config";

/** Seconds, as vitest counts its limits in milliseconds. */
const seconds = 1000;

interface SetupFiles {
  readonly globalSetup?: string;
  readonly setupFiles?: string;
}

/**
 * The suites run one after another, the quick ones first. All but the first start processes or browsers of their own, so that their files
 * run one at a time: two cores are busy with one.
 */
function suite(name: string, groupOrder: number, limit: number, files: SetupFiles = {}) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      sequence: { groupOrder },
      fileParallelism: false,
      testTimeout: limit * seconds,
      hookTimeout: limit * seconds,
      ...files,
    },
  };
}

export default defineConfig({
  test: {
    environment: "node",
    // Vitest's own second is short for a window on a busy machine.
    expect: { poll: { timeout: 15 * seconds } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/*.test.ts"],
          sequence: { groupOrder: 0 },
          testTimeout: 20 * seconds,
        },
      },
      suite("runtime", 1, 180),
      suite("integration", 2, 300),
      suite("webview", 3, 120, { globalSetup: "test/webview/support/globalSetup.ts" }),
      suite("e2e", 4, 180, { globalSetup: "test/e2e/support/globalSetup.ts", setupFiles: "test/e2e/support/failureShots.ts" }),
    ],
  },
});
