/** The whole report: the verdict, what is wrong beside the map; or the player, while something is played. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Host } from "../shared/host";
import { AskAgain } from "../shared/ui/ask-again";
import { Banner } from "../shared/ui/banner";
import { Toasts } from "../shared/ui/toasts";
import { Endings } from "./parts/endings";
import { Findings } from "./parts/findings";
import { Head } from "./parts/head";
import { WorldMap } from "./parts/map";
import { Stage } from "./parts/stage";
import type { Store } from "./store";

export function App({ store, host }: { store: Store; host: Host }): JSX.Element {
  const report = store.report.value;
  const target = store.playing.value;
  useFocusBack(store, host);

  if (!report) {
    return (
      <div class="wr-report wr-empty">
        <p role="status">Waiting for the kernel. Run the cell again if this stays.</p>
      </div>
    );
  }
  if (target) return <Stage store={store} host={host} report={report} target={target} />;
  return (
    <div class="wr-report">
      <Head report={report} />
      {store.online.value ? null : (
        <Banner icon="offline" text="The kernel does not answer, so nothing can be played now.">
          <AskAgain asking={store.player.asking} ask={store.player.reconnect} />
        </Banner>
      )}
      <div class="wr-main">
        <div class="wr-lists">
          <Findings store={store} report={report} />
          <Endings store={store} report={report} />
        </div>
        <WorldMap store={store} report={report} />
      </div>
      <Toasts notices={store.notices} />
    </div>
  );
}

/** Coming back from the player, put the focus where it was: on the button that played. */
function useFocusBack(store: Store, host: Host): void {
  const wasPlaying = useRef(false);
  const playing = store.playing.value !== null;
  useLayoutEffect(() => {
    if (wasPlaying.current && !playing) {
      const button = host.mount.querySelector<HTMLElement>("[data-play] button");
      button?.focus();
      button?.scrollIntoView?.({ block: "nearest" });
    }
    wasPlaying.current = playing;
  }, [playing, host]);
}
