/** The map follows the player beside the editor: a card that they have come to is brought into sight. */
import { effect } from "@preact/signals";
import type { Disposal } from "../../shared/disposal";
import type { Camera } from "../camera";
import type { Store } from "../store";

/**
 * Move the map, as little as needed, whenever the player comes to another state.
 *
 * Only a step of the player moves it: who looks elsewhere meanwhile stays there until the next step. A drag is not
 * disturbed, and an edit that carries the run over to a new version is no step.
 */
export function followPlayer(store: Store, camera: Camera, disposal: Disposal): void {
  let before: string | null = null;
  disposal.add(
    effect(() => {
      const { walk, follow, playing: player } = store.overlay;
      const playing = walk.value?.position ?? (follow.value ? player.value : null);
      const here = playing ? `${playing.steps} ${playing.state}` : null;
      const hasMoved = here !== null && here !== before;
      before = here;
      if (!playing || !hasMoved || store.size.peek().w <= 0) return;
      const { movedNodes, box, connection } = store;
      if (movedNodes.peek().size > 0 || box.peek() || connection.peek()) return;
      const node = store.graph.peek().byId.get(playing.state);
      if (node !== undefined) camera.reveal(node);
    }),
  );
}
