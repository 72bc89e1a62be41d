import { defineConfig } from "vitest/config";

/** Both kinds start real processes, so each test file gets a process of its own that can be watched. */
const shared = { environment: "node", pool: "forks" as const, setupFiles: "test/support/setup.ts" };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**"],
          // Most of the time is spent waiting for other processes.
          maxWorkers: 4,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Whole systems of many processes each: more of them at once would share two cores badly.
          maxWorkers: 2,
          // Histories that share one system wait for GitHub's pace more than for the processor.
          maxConcurrency: 16,
        },
      },
    ],
  },
});
