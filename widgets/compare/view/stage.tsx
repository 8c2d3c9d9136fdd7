/** The map of both worlds: a canvas under a layer of cards. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Painter, paintOnChange, watchSize } from "../../map/stage";
import { visibleRect } from "../../map/viewport";
import { Disposal } from "../../shared/disposal";
import { count } from "../../shared/format";
import type { Host } from "../../shared/host";
import type { Camera } from "../camera";
import { readTones, type Tones } from "../canvas/frame";
import { attachGestures } from "../canvas/gestures";
import { paint } from "../canvas/paint";
import { summarySentence } from "../mark-display";
import type { Store } from "../store";
import { Cards } from "./cards";

export interface ViewProps {
  readonly host: Host;
  readonly store: Store;
  readonly camera: Camera;
  /** Choose a change and show it. */
  readonly go: (change: number) => void;
}

export function Stage({ host, store, camera, go }: ViewProps): JSX.Element {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const element = stage.current;
    const ink = canvas.current?.getContext("2d");
    if (!element || !ink) return;
    const disposal = new Disposal();
    attachGestures(element, store, camera, disposal);
    watchSize(element, store, camera, disposal);
    paintComparison(host, element, ink, store, disposal);
    return () => disposal.dispose();
  }, [host, store, camera]);

  const comparison = store.comparison.value;
  const states = comparison?.graph.nodes.length ?? 0;
  return (
    <div
      class="wm-stage wc-stage"
      ref={stage}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus and handles its own keys
      tabIndex={0}
      role="application"
      aria-roledescription="map of two worlds"
      aria-label={`Map of both worlds: ${count(states, "state")}, ${summarySentence(comparison?.changes ?? [])}. Arrow keys step through the differences, question mark lists the keys.`}
      data-hover={store.hover.value ? "" : undefined}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <Cards store={store} go={go} />
    </div>
  );
}

function paintComparison(
  host: Host,
  stage: HTMLElement,
  ink: CanvasRenderingContext2D,
  store: Store,
  disposal: Disposal,
): void {
  const painter: Painter<Tones> = {
    track: () => {
      for (const part of [store.side, store.current, store.hover, store.hidden, store.pictureVersion]) void part.value;
    },
    readColours: readTones,
    paint: (picture) => {
      const of = store.comparison.peek();
      if (!of) return;
      paint(ink, {
        ...picture,
        of,
        detail: store.detail.peek(),
        visibleArea: visibleRect(picture.view, picture.size, 8),
        side: store.side.peek(),
        current: store.current.peek(),
        hidden: store.hidden.peek(),
        hover: store.hover.peek(),
        nodeStatus: store.nodeStatus,
        eventStatus: store.eventStatus,
        rasters: store.rasters,
      });
    },
  };
  paintOnChange(host, stage, ink.canvas, store, painter, disposal);
}
