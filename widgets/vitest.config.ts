import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    // a thread for each file starts in a third less of the processor's time than a process does
    pool: "threads",
    // the modules of the front end are read once for all files, in a third of the time
    isolate: false,
    setupFiles: ["test/put-back.ts"],
    // a busy machine takes long for what takes milliseconds otherwise: only a test that hangs runs out of time
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
