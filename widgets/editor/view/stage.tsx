/** The editor's map: a canvas under a layer of cards. */
import type { JSX } from "preact";
import { useCallback, useLayoutEffect, useRef } from "preact/hooks";
import { type Palette, readPalette } from "../../map/canvas/palette";
import { type Painter, paintOnChange, watchSize } from "../../map/stage";
import { toScreen, visibleRect } from "../../map/viewport";
import { Disposal } from "../../shared/disposal";
import { count } from "../../shared/format";
import type { Host } from "../../shared/host";
import type { Actions } from "../actions";
import type { Camera } from "../camera";
import type { Frame } from "../canvas/frame";
import { attachGestures } from "../canvas/gestures";
import { paint } from "../canvas/paint";
import { PictureCache } from "../canvas/picture-cache";
import type { Store } from "../store";
import { Cards } from "./cards";

/** Milliseconds after which a map that was moved counts as at rest. */
const REST_MS = 120;

export interface StageProps {
  readonly host: Host;
  readonly store: Store;
  readonly camera: Camera;
  readonly actions: Actions;
}

export function Stage({ host, store, camera, actions }: StageProps): JSX.Element {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const element = useCallback(() => stage.current, []);

  useLayoutEffect(() => {
    const element = stage.current;
    const ink = canvas.current?.getContext("2d");
    if (!element || !ink || !canvas.current) return;
    const disposal = new Disposal();
    attachGestures(element, store, camera, actions, disposal);
    watchSize(element, store, camera, disposal);
    paintWorld(host, element, ink, store, disposal);
    return () => disposal.dispose();
  }, [host, store, camera, actions]);

  const { edges } = store.graph.value;
  const name = `World map: ${count(store.doc.value.states.length, "state")}, ${count(edges.length, "move")}. Arrow keys walk, question mark lists the keys.`;
  return (
    <div
      class="wm-stage we-stage"
      ref={stage}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus and handles its own keys
      tabIndex={0}
      role="application"
      aria-roledescription="world map"
      aria-label={name}
      data-connecting={store.connection.value ? "" : undefined}
      data-tool={store.tool.value}
      data-pictures={store.pictures.areDue.value ? "due" : undefined}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <Cards store={store} actions={actions} stage={element} />
      <Box store={store} />
    </div>
  );
}

/** The frame that is being drawn around cards. */
function Box({ store }: { store: Store }): JSX.Element | null {
  const box = store.box.value;
  if (!box) return null;
  const view = store.view.value;
  const { x, y } = toScreen(view, box.x, box.y);
  const size = { width: `${box.w * view.k}px`, height: `${box.h * view.k}px` };
  return <div class="we-box" style={{ transform: `translate(${x}px, ${y}px)`, ...size }} />;
}

function paintWorld(host: Host, stage: HTMLElement, ink: CanvasRenderingContext2D, store: Store, disposal: Disposal) {
  let resting: ReturnType<typeof setTimeout> | undefined;
  const still = new PictureCache();
  disposal.add(() => clearTimeout(resting));
  const painter: Painter<Palette> = {
    track: () => {
      for (const part of [store.selectedItems, store.editable, store.hover, store.movedNodes]) void part.value;
      void store.cardElements.value;
      for (const part of [store.liveRoutes, store.connection, store.overlay.marks, store.drawnMap, store.tables.arcs])
        void part.value;
      void store.pictures.thumbnails.value;
    },
    readColours: readPalette,
    paint: (picture) => {
      const frame: Frame = {
        ...picture,
        scene: store.scene.peek(),
        detail: store.detail.peek(),
        visibleArea: visibleRect(picture.view, picture.size, 8),
        selectedNodes: store.selectedItems.peek().nodes,
        selectedEvents: store.selectedItems.peek().events,
        editable: store.editable.peek(),
        hover: store.hover.peek(),
        movedPlaces: store.movedNodes.peek(),
        cardElements: store.cardElements.peek(),
        liveRoutes: store.liveRoutes.peek(),
        connecting: store.connection.peek(),
        overlay: store.overlay.marks.peek(),
        ...store.drawnMap.peek(),
        flagArcs: store.tables.arcs.peek(),
        thumbnails: store.pictures.thumbnails.peek(),
      };
      clearTimeout(resting);
      if (!still.show(ink, frame)) resting = setTimeout(() => paint(ink, frame), REST_MS);
    },
  };
  paintOnChange(host, stage, ink.canvas, store, painter, disposal);
}
