/** A view to vary in tests. */
import type { OfferInfo, PlayerView, PlayingInfo } from "../../shared/protocol";

export function view(changes: Partial<PlayerView> = {}): PlayerView {
  return {
    protocol: 1,
    serial: 1,
    driver: null,
    title: "Lane",
    state: { id: "lane", base: "A lane.", ending: null },
    line: "",
    sceneLine: "",
    prompt: "A lane.",
    offers: [],
    hidden: [],
    flags: [],
    held: [],
    trail: [{ state: "lane", event: null, at: 0 }],
    trailFrom: 0,
    start: { state: "lane", flags: [], used: [] },
    seed: 0,
    clock: 0,
    playing: null,
    promptNow: "A lane.",
    controls: [],
    ambient: "",
    waypoints: [],
    timers: [],
    zones: [],
    seen: null,
    arrivals: [],
    mode: "instant",
    timeUses: { lasting: false, waiting: false, walking: false },
    variants: [],
    variant: null,
    intro: null,
    outro: null,
    ended: null,
    stopped: null,
    worldVersion: 1,
    missions: [],
    canUndo: false,
    tools: true,
    terminal: null,
    notices: [],
    blocked: [],
    ...changes,
  };
}

export function offer(name: string, changes: Partial<OfferInfo> = {}): OfferInfo {
  return { name, label: name, available: true, hint: null, hotkey: null, kind: "transition", ...changes };
}

export function playingNow(changes: Partial<PlayingInfo> = {}): PlayingInfo {
  return {
    event: "climb",
    label: "climb",
    kind: "transition",
    by: "player",
    at: 0,
    stage: "phase",
    number: 1,
    of: 2,
    since: 0,
    until: 3000,
    hits: 0,
    needs: 0,
    waitsFor: "the phase to end",
    to: "lamp",
    index: 0,
    stages: [
      { what: "phase", ms: 3000 },
      { what: "phase", ms: 2000 },
      { what: "evidence", ms: 20000 },
    ],
    seesPicture: true,
    shows: null,
    ...changes,
  };
}
