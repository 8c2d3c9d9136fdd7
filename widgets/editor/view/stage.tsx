/** The map: a canvas under a layer of cards. It paints when something it shows has changed, and never otherwise. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useLayoutEffect, useRef } from "preact/hooks";
import { type Palette, readPalette } from "../../map/canvas/palette";
import { seen, toScreen, type Viewport } from "../../map/viewport";
import { Disposal } from "../../shared/disposal";
import { count } from "../../shared/format";
import type { Host } from "../../shared/host";
import type { Actions } from "../actions";
import type { Camera } from "../camera";
import type { Frame } from "../canvas/frame";
import { attachGestures } from "../canvas/gestures";
import { paint } from "../canvas/paint";
import { Still } from "../canvas/still";
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
    const ground = stage.current;
    const ink = canvas.current?.getContext("2d");
    if (!ground || !ink || !canvas.current) return;
    const disposal = new Disposal();
    attachGestures(ground, store, camera, actions, disposal);
    watchSize(ground, store, camera, disposal);
    paintOnChange(host, ground, ink, store, disposal);
    return () => disposal.dispose();
  }, [host, store, camera, actions]);

  const { nodes, edges } = store.graph.value;
  const name = `World map: ${count(nodes.length, "state")}, ${count(edges.length, "move")}. Arrow keys walk, question mark lists the keys.`;
  return (
    <div
      class="we-stage"
      ref={stage}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus and handles its own keys
      tabIndex={0}
      role="application"
      aria-roledescription="world map"
      aria-label={name}
      data-connecting={store.connecting.value ? "" : undefined}
      data-tool={store.tool.value}
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

/** Follow the stage's size. The world is brought into view, and again at a new size until somebody moves the view. */
function watchSize(ground: HTMLElement, store: Store, camera: Camera, disposal: Disposal): void {
  let opened: Viewport | null = null;
  const measure = () => {
    const { clientWidth: w, clientHeight: h } = ground;
    const before = store.size.peek();
    const resized = w !== before.w || h !== before.h;
    if (resized) store.size.value = { w, h };
    const untouched = opened === null || (resized && opened === store.view.peek());
    if (untouched && w > 0 && h > 0 && store.graph.peek().nodes.length > 0) {
      camera.open();
      opened = store.view.peek();
    }
  };
  const resize = new ResizeObserver(measure);
  resize.observe(ground);
  // A world that begins empty is brought into view with its first scenes.
  disposal.add(
    effect(() => {
      if (store.graph.value.nodes.length > 0 && opened === null) measure();
    }),
  );
  disposal.add(() => resize.disconnect());
  // A world that was empty at first is brought into view when its first state comes.
  disposal.add(
    effect(() => {
      void store.graph.value;
      measure();
    }),
  );
}

function paintOnChange(
  host: Host,
  ground: HTMLElement,
  ink: CanvasRenderingContext2D,
  store: Store,
  disposal: Disposal,
): void {
  const canvas = ink.canvas;
  const layer = ground.querySelector<HTMLElement>(".we-layer");
  let frame = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let palette: Palette | null = null;
  const still = new Still();

  const draw = () => {
    frame = 0;
    const size = store.size.peek();
    const view = store.view.peek();
    if (size.w <= 0 || size.h <= 0) return;
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    const [w, h] = [Math.round(size.w * ratio), Math.round(size.h * ratio)];
    if (canvas.width !== w) canvas.width = w;
    if (canvas.height !== h) canvas.height = h;
    palette ??= readPalette(ground);
    if (layer) layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
    const picture: Frame = {
      scene: store.scene.peek(),
      view,
      size,
      ratio,
      detail: store.detail.peek(),
      palette,
      seen: seen(view, size, 8),
      chosenNodes: store.chosen.peek().nodes,
      chosenEvents: store.chosen.peek().events,
      editable: store.editable.peek(),
      hover: store.hover.peek(),
      moved: store.movedNodes.peek(),
      live: store.liveWays.peek(),
      connecting: store.connecting.peek(),
      overlay: store.overlay.drawn.peek(),
    };
    clearTimeout(resting);
    if (!still.show(ink, picture)) resting = setTimeout(() => paint(ink, picture), REST_MS);
  };
  const soon = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  disposal.add(() => {
    cancelAnimationFrame(frame);
    clearTimeout(resting);
  });

  disposal.add(
    effect(() => {
      for (const part of [store.view, store.size, store.scene, store.chosen, store.editable]) void part.value;
      for (const part of [store.hover, store.movedNodes, store.liveWays, store.connecting]) void part.value;
      void store.overlay.drawn.value;
      soon();
    }),
  );
  disposal.add(
    effect(() => {
      void host.theme.value;
      void host.native.value;
      palette = null;
      soon();
    }),
  );
  // A host that scrolled the output away may have thrown the picture out.
  const watch = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      palette = null;
      soon();
    }
  });
  watch.observe(ground);
  disposal.add(() => watch.disconnect());
}
