/** Tests share one process: whatever a test replaces is put back at its end, after what it opened is closed. */
import { beforeEach, onTestFinished, vi } from "vitest";

beforeEach(() => {
  // the first that is registered runs last
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});
