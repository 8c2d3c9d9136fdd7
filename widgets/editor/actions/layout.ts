/** Moving and aligning cards, and laying them out. */
import { GRID } from "../../map/geometry/dimensions";
import { count } from "../../shared/format";
import type { Position } from "../../shared/protocol";
import { regionOfBox } from "../annotations/projection";
import { type Axis, alignCards, distributeCards, type Line, layOutColumns, type Places } from "../graph/arrange";
import { type Context, idOf, placeOf } from "./context";

/** Steps made in quick succession are one move. */
const PAUSE_MS = 500;

export interface LayoutActions {
  move(places: ReadonlyMap<string, Position>, label?: string): Promise<void>;
  /** Move what is selected by so many steps of the grid. */
  nudge(dx: number, dy: number): void;
  align(line: Line): void;
  distribute(axis: Axis): void;
  tidySelection(): void;
  /** Lay out what nobody has placed, or everything. */
  tidy(everything?: boolean): void;
}

export function layoutActions({ store, camera, notices, mayEdit, inTurn, pendingMove }: Context): LayoutActions {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const move: LayoutActions["move"] = async (moved, label) => {
    if (mayEdit()) {
      store.pendingPlaces.value = new Map([...store.pendingPlaces.peek(), ...moved]);
      await inTurn(async () => {
        // The box of a collapsed region stands wherever its cards do, and what was deleted meanwhile stands nowhere.
        const places = [...moved].filter(([id]) => regionOfBox(id) === null && store.nodeNow(id) >= 0);
        if (places.length === 0) return;
        const positions = Object.fromEntries(places.map(([id, at]) => [store.currentName("state", id), at]));
        await store.submit({ type: "move", positions, ...(label === undefined ? {} : { label }) });
      });
    }
    // From here on the kernel's word counts, unless a card was taken up again meanwhile.
    store.pendingPlaces.value = new Map(
      [...store.pendingPlaces.peek()].filter(([id, at]) => !sameAs(moved.get(id), at)),
    );
  };

  const selectedPlaces = (): Places =>
    new Map([...store.selectedItems.peek().nodes].map((node) => [node, placeOf(store, node)]));
  const arrange = (label: string, least: number, now: (places: Places) => Map<number, Position>) => {
    const places = selectedPlaces();
    if (places.size < least) {
      notices.show(`Select ${least} states or more first: hold Shift and click, or drag a frame around them.`);
      return;
    }
    if (!mayEdit()) return;
    const moves = now(places);
    if (moves.size === 0) notices.say("They are already arranged like that.");
    else void move(new Map([...moves].map(([node, at]) => [idOf(store, node), at])), label);
  };

  return {
    move,
    nudge: (dx, dy) => {
      const places = selectedPlaces();
      if (places.size === 0 || !mayEdit()) return;
      const now = [...places].map(([node, [x, y]]) => [idOf(store, node), [x + dx * GRID, y + dy * GRID]] as const);
      store.pendingPlaces.value = new Map([
        ...store.pendingPlaces.peek(),
        ...now.map(([id, [x, y]]) => [id, [x, y] as Position] as const),
      ]);
      clearTimeout(timer);
      pendingMove.send = () => {
        clearTimeout(timer);
        pendingMove.send = () => {};
        void move(store.pendingPlaces.peek());
      };
      timer = setTimeout(() => pendingMove.send(), PAUSE_MS);
    },
    align: (line) => arrange(`Align ${line}`, 2, (places) => alignCards(places, line)),
    distribute: (axis) => arrange(`Distribute ${axis}`, 3, (places) => distributeCards(places, axis)),
    tidySelection: () => {
      const { size } = store.selectedItems.peek().nodes;
      arrange(`Lay out ${count(size, "state")}`, 2, (places) => layOutColumns(store.worldGraph.peek(), places));
    },
    tidy: (everything = false) => {
      if (!mayEdit()) return;
      void store.submit({ type: "tidy", everything }).then((outcome) => {
        if (outcome.ok) requestAnimationFrame(camera.fit);
      });
    },
  };
}

function sameAs(a: Position | undefined, b: Position): boolean {
  return a !== undefined && a[0] === b[0] && a[1] === b[1];
}
