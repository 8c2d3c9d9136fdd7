/** What the page and its parent say to each other (docs/spec/embed.md, "Messages"). */
export const FROM_PAGE = "alakazam-embed";
export const FROM_PARENT = "alakazam-host";

/** Booted and playing. */
export interface Ready {
  worldId: string;
  state: string;
}

/** The player made a choice. */
export interface Choice {
  event: string;
  kind: "transition" | "override" | "terminal" | "sequence";
  label: string;
  /** The state it was made in. */
  state: string;
  /** The state it leads to; null when it stays. */
  to: string | null;
  grants: string[];
  requires: string[];
}

/** A state was entered; `event` is null when the player went back. */
export interface StateEntered {
  state: string;
  from: string;
  event: string | null;
}

export interface Ending {
  state: string;
  kind: "win" | "lose";
  title: string;
  subtitle: string | null;
}

export interface SessionEnded {
  reason: string;
  seconds: number;
}

export interface Queue {
  position: number;
  queueDepth: number;
}

/** The payload of each type of message of the page. */
export interface PagePayloads {
  queue: Queue;
  ready: Ready;
  choice: Choice;
  state: StateEntered;
  ending: Ending;
  ended: SessionEnded;
  error: { message: string };
  "token-expiring": { expiresIn: number };
}

export type PageType = keyof PagePayloads;
