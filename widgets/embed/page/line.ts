/** Connecting a session: asking again while it waits in line. */
import type { Queue } from "../messages";
import { type Answer, post, Refused } from "./calls";

const RETRY_AFTER_MS = 2500;
const AFTER_FAULTS_MS = [2000, 4000, 6000];

/** Connect a session token; returns the answer once it is admitted. */
export async function connect(token: string, waiting: (queue: Queue) => void): Promise<Answer["body"]> {
  let faults = 0;
  let inLine = false;
  for (;;) {
    let delay = RETRY_AFTER_MS;
    try {
      const { status, body } = await post("/v1/sessions/connect", { token });
      if (status !== 202) return body;
      faults = 0;
      inLine = true;
      waiting({ position: Number(body.position), queueDepth: Number(body.queueDepth) });
      delay = Number(body.retryAfterMs ?? RETRY_AFTER_MS);
    } catch (error) {
      const next = AFTER_FAULTS_MS[faults];
      if (error instanceof Refused || !inLine || next === undefined) throw error;
      faults += 1;
      delay = next;
    }
    await pause(delay);
  }
}

/** Wait; a page that becomes visible waits no longer, since a hidden one is called seldom. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      if (document.visibilityState === "visible") finish();
    };
    const finish = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    document.addEventListener("visibilitychange", wake);
  });
}
