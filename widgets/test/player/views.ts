/** A view to vary in tests. */
import type { OfferInfo, PlayerView } from "../../shared/protocol";

export function view(changes: Partial<PlayerView> = {}): PlayerView {
  return {
    protocol: 1,
    title: "Lane",
    state: { id: "lane", base: "A lane.", ending: null },
    line: "",
    prompt: "A lane.",
    offers: [],
    hidden: [],
    flags: [],
    trail: [{ state: "lane", event: null, at: 0 }],
    clock: 0,
    ended: null,
    missions: [],
    canUndo: false,
    terminal: null,
    notices: [],
    blocked: [],
    ...changes,
  };
}

export function offer(name: string, changes: Partial<OfferInfo> = {}): OfferInfo {
  return { name, label: name, available: true, hint: null, hotkey: null, kind: "transition", ...changes };
}
