/** A player that the kernel opened, shown beside the map by the notebook's own widget manager. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { EmbeddedView, WidgetModel } from "../../shared/model";
import { landingOf, PLAYER_LEFT, PLAYER_READY } from "../../shared/player-events";
import { Button } from "../../shared/ui/button";
import { Problem } from "../../shared/ui/problem";
import type { Store } from "../store";

export function RunPlayer({
  store,
  manager,
}: {
  store: Store;
  manager: WidgetModel["widget_manager"];
}): JSX.Element | null {
  const place = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLElement>(null);
  const [problem, setProblem] = useState("");
  const { player } = store.play;
  const playerId = player.value;

  useEffect(() => {
    if (!playerId || !manager?.get_model || !manager.create_view) return;
    let view: EmbeddedView | null = null;
    let isClosed = false;
    const open = async () => {
      const child = await manager.get_model?.(playerId.id);
      const childView = await manager.create_view?.(child);
      if (!childView) return;
      view = childView;
      if (isClosed) {
        childView.remove?.();
        return;
      }
      const { el } = childView;
      const land = () => landingOf(el)?.focus({ preventScroll: true });
      el.addEventListener(PLAYER_READY, land);
      el.addEventListener(PLAYER_LEFT, store.play.close);
      place.current?.append(el);
      land(); // it may have been ready before
    };
    setProblem("");
    open().catch(() => setProblem("The player cannot be shown here. Run wk.play(editor) in another cell."));
    head.current?.querySelector<HTMLElement>("button")?.focus();
    return () => {
      isClosed = true;
      view?.remove?.();
    };
  }, [playerId, manager]);

  if (!playerId) return null;
  const { close } = store.play;
  return (
    <section
      class="wp-player"
      role="dialog"
      aria-label={playerId.title ? `Player: ${playerId.title}` : "Player"}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <header ref={head}>
        {playerId.title ? <h2>{playerId.title}</h2> : null}
        <Button label="Close the player" icon="close" small kind="quiet" onPress={close} />
      </header>
      <Problem text={problem} />
      <div ref={place} class="wp-player-place" />
    </section>
  );
}
