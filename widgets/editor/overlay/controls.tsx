/** The toolbar buttons of play: play the world, explore it, and choose which overlay is shown. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";

export function OverlayControls({ store }: { store: Store }): JSX.Element {
  const { overlay } = store;
  const root = useRef<HTMLSpanElement>(null);
  const open = overlay.menu.value;
  const layers = overlay.layers.value;
  const playing = overlay.playing.value;
  const canPlay = store.online.value && store.graph.value.nodes.length > 0;
  const none = layers.length === 0 && !playing;

  // The menu takes the focus, and gives it back to its button.
  useLayoutEffect(() => {
    if (open) root.current?.querySelector<HTMLElement>(".wo-menu button")?.focus();
  }, [open]);

  const close = (back: boolean) => {
    overlay.menu.value = false;
    if (back) root.current?.querySelector<HTMLElement>("button[aria-expanded]")?.focus();
  };

  return (
    <span class="wo-controls" ref={root}>
      <Button
        label="Play"
        tooltip="Play this world here"
        icon="play"
        disabled={!canPlay}
        pressed={store.play.player.value !== null}
        onPress={() => (store.play.player.peek() ? store.play.close() : void store.play.open(null))}
        wordsClass="we-wide"
      >
        Play
      </Button>
      <Button
        label="Explore every possible run"
        tooltip="Explore: look at every possible run for what can never happen and where a run gets stuck"
        icon="routes"
        disabled={overlay.busy.value || !canPlay}
        onPress={() => void overlay.explore().then((explored) => explored && showFindings(store, root.current))}
        wordsClass="we-roomy"
      >
        {overlay.busy.value ? "Exploring…" : "Explore"}
      </Button>
      <Button
        label="Overlays"
        tooltip={none ? "Nothing is drawn over the map yet" : "What is drawn over the map"}
        icon="layers"
        disabled={none}
        expanded={open}
        onPress={() => {
          overlay.menu.value = !open;
        }}
      />
      {open ? (
        <div
          class="wo-menu"
          role="group"
          aria-label="Overlays"
          // Safari gives no button the focus that is pressed; it must not go elsewhere, where the menu closes
          tabIndex={-1}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              event.stopPropagation();
              close(true);
            } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
              event.preventDefault();
              event.stopPropagation();
              moveFocus(event.currentTarget, event.key === "ArrowDown" ? 1 : -1);
            }
          }}
          onFocusOut={(event) => {
            const to = event.relatedTarget;
            if (to instanceof Node && !root.current?.contains(to)) close(false);
          }}
        >
          {layers.map(({ key, title, stale }) => (
            <Choice
              key={key}
              words={title}
              more={stale ? "made before the last edit" : ""}
              chosen={overlay.visibleKey.value === key}
              press={() => {
                overlay.visibleKey.value = overlay.visibleKey.peek() === key ? null : key;
              }}
            />
          ))}
          {playing ? (
            <Choice
              words="The player beside this"
              more=""
              chosen={overlay.follow.value}
              press={() => {
                overlay.follow.value = !overlay.follow.peek();
              }}
            />
          ) : null}
        </div>
      ) : null}
    </span>
  );
}

interface ChoiceProps {
  readonly words: string;
  readonly more: string;
  readonly chosen: boolean;
  readonly press: () => void;
}

function Choice({ words, more, chosen, press }: ChoiceProps): JSX.Element {
  return (
    <button type="button" class="wo-choice" aria-pressed={chosen} onClick={press}>
      <span class="wo-tick">{chosen ? <Icon name="check" /> : null}</span>
      <span>
        {words}
        {more === "" ? null : <small>{more}</small>}
      </span>
    </button>
  );
}

function moveFocus(menu: HTMLElement, by: number): void {
  const all = [...menu.querySelectorAll<HTMLElement>("button")];
  const root = menu.getRootNode();
  const at = root instanceof ShadowRoot ? all.indexOf(root.activeElement as HTMLElement) : -1;
  all[(at + by + all.length) % all.length]?.focus();
}

/** Open the list of what was found, where there is room for it beside the map. */
function showFindings(store: Store, from: HTMLElement | null): void {
  if ((store.overlay.layer.peek()?.findings.length ?? 0) === 0) return;
  store.panel.value = "problems";
  if (store.size.peek().w > 720) store.panelOpen.value = true;
  const root = from?.getRootNode();
  requestAnimationFrame(() => {
    // By hand: scrollIntoView would move the notebook, too.
    const section = root instanceof ShadowRoot ? root.querySelector<HTMLElement>(".wo-findings") : null;
    const body = section?.closest(".we-panel-body");
    if (section && body) body.scrollTop += section.getBoundingClientRect().top - body.getBoundingClientRect().top - 8;
  });
}
