/** Connecting a session: asking again while it waits in line. */
import type { Queue } from "../messages";
import { type Answer, post, Refused } from "./calls";

const RETRY_AFTER_MS = 2500;
const FAULT_DELAYS_MS = [2000, 4000, 6000];

/** What a page in line is told: its place, and for how many seconds the token it asked with is good. */
export type Place = Queue & { token: string; expiresIn: number };

/** What a session was admitted with: the answer, and the token that was asked with, which another may follow by then. */
export interface Admission {
  body: Answer["body"];
  token: string;
}

/**
 * Connect; returns once the session is admitted, null when there is no token any more.
 *
 * @param current Returns the token to ask with: another one each time it was renewed.
 * @param waiting Told of every place in line.
 */
export async function connect(
  current: () => string | null,
  waiting: (place: Place) => void,
): Promise<Admission | null> {
  let faults = 0;
  let inLine = false;
  for (;;) {
    const token = current();
    if (token === null) return null;
    let delay = RETRY_AFTER_MS;
    try {
      const { status, body } = await post("/v1/sessions/connect", { token });
      if (status !== 202) return { body, token };
      faults = 0;
      inLine = true;
      const { position, queueDepth, expiresIn } = body;
      waiting({ position: Number(position), queueDepth: Number(queueDepth), token, expiresIn: Number(expiresIn) });
      delay = Number(body.retryAfterMs ?? RETRY_AFTER_MS);
    } catch (error) {
      // it ended while it was asked with, and another one has come, or its end was told already
      if (error instanceof Refused && error.status === 401 && current() !== token) continue;
      const next = FAULT_DELAYS_MS[faults];
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
