/**
 * The session with the kernel as a pure reducer: `reduce(session, input)` returns the next session and its effects.
 *
 * One change is in flight at a time and later ones wait, so that each is based on the revision that it will be applied
 * to. A `changed` message that does not follow from the document makes the session fetch the whole world again.
 *
 * A change whose reply was lost is asked for again under its own name, which the kernel carries out once: so it is neither
 * lost nor done twice.
 */

import { type Doc, fromSeed } from "../../map/document";
import { isLost } from "../../shared/link";
import type { Changed, EditorReply, EditorRequest, PlaceRequest, Rejected, Seed } from "../../shared/protocol";
import { applyChange } from "./patch";

/** A change the person asked for, and the number that identifies its outcome. */
export interface Job {
  readonly ticket: number;
  readonly request: Exclude<
    EditorRequest,
    | { type: "hello" | "code" | "picture" | "explore" | "generate" | "generation" }
    | { type: "read_property" | "suggest_properties" | "play" }
    | PlaceRequest
  >;
}

export type Outcome = { readonly ok: true; readonly rev: string } | { readonly ok: false; readonly reply: Rejected };

export interface Session {
  readonly doc: Doc;
  /** The newest revision the kernel has spoken of; edits are based on it. */
  readonly rev: string;
  readonly seeding: boolean;
  readonly flight: Job | null;
  readonly queue: readonly Job[];
  /** Accepted changes whose `changed` was lost; the next seed has them. */
  readonly landing: readonly { readonly ticket: number; readonly rev: string }[];
}

export type Input =
  | { readonly type: "open" }
  | { readonly type: "submit"; readonly job: Job }
  | { readonly type: "reply"; readonly ticket: number; readonly reply: EditorReply }
  | { readonly type: "seeded"; readonly seed: Seed }
  | { readonly type: "refused"; readonly reply: Rejected }
  | { readonly type: "changed"; readonly message: Changed };

export type Effect =
  | { readonly type: "hello" }
  | { readonly type: "send"; readonly job: Job }
  | { readonly type: "settle"; readonly ticket: number; readonly outcome: Outcome };

export type Step = readonly [Session, readonly Effect[]];

/** Return the session that starts from a saved seed, which may be older than the kernel's world. */
export function openSession(seed: Seed | null | undefined): Session {
  const doc = fromSeed(seed);
  return { doc, rev: doc.rev, seeding: false, flight: null, queue: [], landing: [] };
}

/** Say whether revision `a` is at least `b`; revisions are decimal strings. */
export function isAtLeast(a: string, b: string): boolean {
  return a.length === b.length ? a >= b : a.length > b.length;
}

/** Return how many changes wait for the kernel. */
export function pendingCount(session: Session): number {
  return session.queue.length + (session.flight ? 1 : 0) + session.landing.length;
}

export function reduce(session: Session, input: Input): Step {
  switch (input.type) {
    case "open":
      return session.seeding ? [session, []] : [{ ...session, seeding: true }, [{ type: "hello" }]];
    case "submit":
      return sendNext({ ...session, queue: [...session.queue, input.job] }, []);
    case "seeded": {
      const doc = fromSeed(input.seed);
      return settleLanded({ ...session, doc, rev: doc.rev, seeding: false }, []);
    }
    case "refused":
      return sendNext({ ...session, seeding: false }, []);
    case "changed":
      return onChanged(session, input.message);
    case "reply":
      return onReply(session, input.ticket, input.reply);
  }
}

function onChanged(session: Session, message: Changed): Step {
  if (session.seeding) return [session, []];
  const doc = applyChange(session.doc, message);
  if (!doc) return reduce(session, { type: "open" });
  const rev = isAtLeast(session.rev, doc.rev) ? session.rev : doc.rev;
  return settleLanded({ ...session, doc, rev }, []);
}

function onReply(session: Session, ticket: number, reply: EditorReply): Step {
  if (session.flight?.ticket !== ticket) return [session, []];
  const free: Session = { ...session, flight: null };
  // the link tells that a reply was lost when a seed has come, which it hands over next
  if (isLost(reply)) return [{ ...free, seeding: true, queue: [session.flight, ...session.queue] }, []];
  if (reply.type === "rejected") {
    const settle: Effect = { type: "settle", ticket, outcome: { ok: false, reply } };
    if (reply.code !== "conflict") return sendNext(free, [settle]);
    const [next, effects] = reduce(free, { type: "open" });
    return [next, [settle, ...effects]];
  }
  const rev = reply.type === "accepted" && reply.rev !== undefined ? reply.rev : session.rev;
  const newest = isAtLeast(session.rev, rev) ? session.rev : rev;
  const landed: Session = { ...free, rev: newest, landing: [...free.landing, { ticket, rev }] };
  // `changed` goes out before the reply: where the document is behind, it was lost
  return isAtLeast(landed.doc.rev, rev) ? settleLanded(landed, []) : reduce(landed, { type: "open" });
}

/** Settle what the document has caught up with, then send what waits. */
function settleLanded(session: Session, effects: readonly Effect[]): Step {
  const there = session.landing.filter((job) => isAtLeast(session.doc.rev, job.rev));
  const settleEffects: Effect[] = there.map(({ ticket, rev }) => ({
    type: "settle",
    ticket,
    outcome: { ok: true, rev },
  }));
  const landing = session.landing.filter((job) => !there.includes(job));
  return sendNext({ ...session, landing }, [...effects, ...settleEffects]);
}

function sendNext(session: Session, effects: readonly Effect[]): Step {
  const [job, ...queue] = session.queue;
  if (!job || session.flight || session.seeding) return [session, effects];
  const { request } = job;
  const sending: Job = request.type === "edit" ? { ...job, request: { ...request, base: session.rev } } : job;
  return [{ ...session, queue, flight: sending }, [...effects, { type: "send", job: sending }]];
}
