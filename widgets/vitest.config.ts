import { defineConfig } from "vitest/config";

export default defineConfig({
  // a busy machine takes long for what takes milliseconds otherwise: only a test that hangs runs out of time
  test: { include: ["test/**/*.test.ts", "test/**/*.test.tsx"], testTimeout: 120_000, hookTimeout: 120_000 },
});
