/** The map follows the player: each step brings a card into sight, and nothing else does. */
import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { Camera } from "../../editor/camera";
import { followPlayer } from "../../editor/overlay/follow";
import type { Store } from "../../editor/store";
import { Disposal } from "../../shared/disposal";

const at = (state: string, steps: number) => ({ state, steps, over: false, states: [state], edges: [], last: null });

function setUp() {
  const shown: number[] = [];
  const playing = signal<ReturnType<typeof at> | null>(null);
  const follow = signal(true);
  const movedNodes = signal<ReadonlyMap<number, readonly [number, number]>>(new Map());
  const graph = signal({ byId: new Map(["lane", "yard", "gate"].map((id, node) => [id, node])) });
  const none = signal(null);
  const store = {
    overlay: { playing, follow, walk: none },
    graph,
    movedNodes,
    size: signal({ w: 800, h: 500 }),
    box: none,
    connection: none,
  };
  const camera = { reveal: (node: number) => shown.push(node) };
  const disposal = new Disposal();
  followPlayer(store as unknown as Store, camera as unknown as Camera, disposal);
  return { shown, playing, follow, movedNodes, graph, disposal };
}

test("every step of the player is brought into sight", () => {
  const { shown, playing } = setUp();
  playing.value = at("lane", 0);
  playing.value = at("yard", 1);
  playing.value = at("lane", 2);
  expect(shown).toEqual([0, 1, 0]);
});

test("an edit that leaves the player where they are does not move the map", () => {
  const { shown, playing, graph } = setUp();
  playing.value = at("yard", 1);
  playing.value = at("yard", 1);
  graph.value = { byId: new Map([["yard", 0]]) };
  expect(shown).toEqual([1]);
});

test("a drag under way is not disturbed, nor is a view that does not follow", () => {
  const { shown, playing, movedNodes, follow } = setUp();
  movedNodes.value = new Map([[0, [0, 0]]]);
  playing.value = at("yard", 1);
  movedNodes.value = new Map();
  follow.value = false;
  playing.value = at("gate", 2);
  expect(shown).toEqual([]);
  follow.value = true;
  expect(shown).toEqual([2]);
});

test("a view that is gone follows nobody", () => {
  const { shown, playing, disposal } = setUp();
  disposal.dispose();
  playing.value = at("yard", 1);
  expect(shown).toEqual([]);
});
