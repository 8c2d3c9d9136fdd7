/** The map: a canvas under a layer of cards. It paints when something it shows has changed, and never otherwise. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { seen, type Viewport } from "../../map/viewport";
import { Disposal } from "../../shared/disposal";
import { count } from "../../shared/format";
import type { Host } from "../../shared/host";
import type { Camera } from "../camera";
import { readTones, type Tones } from "../canvas/frame";
import { attachGestures } from "../canvas/gestures";
import { paint } from "../canvas/paint";
import { summary } from "../marks";
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
    const ground = stage.current;
    const ink = canvas.current?.getContext("2d");
    if (!ground || !ink) return;
    const disposal = new Disposal();
    attachGestures(ground, store, camera, disposal);
    watchSize(ground, store, camera, disposal);
    paintOnChange(host, ground, ink, store, disposal);
    return () => disposal.dispose();
  }, [host, store, camera]);

  const comparison = store.comparison.value;
  const states = comparison?.graph.nodes.length ?? 0;
  return (
    <div
      class="wc-stage"
      ref={stage}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus and handles its own keys
      tabIndex={0}
      role="application"
      aria-roledescription="map of two worlds"
      aria-label={`Map of both worlds: ${count(states, "state")}, ${summary(comparison?.changes ?? [])}. Arrow keys step through the differences, question mark lists the keys.`}
      data-hover={store.hover.value ? "" : undefined}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <Cards store={store} go={go} />
    </div>
  );
}

/** Follow the stage's size. The map is brought into view, and again at a new size until somebody moves the view. */
function watchSize(ground: HTMLElement, store: Store, camera: Camera, disposal: Disposal): void {
  let opened: Viewport | null = null;
  const measure = () => {
    const { clientWidth: w, clientHeight: h } = ground;
    const before = store.size.peek();
    const resized = w !== before.w || h !== before.h;
    if (resized) store.size.value = { w, h };
    const untouched = opened === null || (resized && opened === store.view.peek());
    if (!untouched || w <= 0 || h <= 0) return;
    camera.open();
    opened = store.view.peek();
  };
  const resize = new ResizeObserver(measure);
  resize.observe(ground);
  disposal.add(() => resize.disconnect());
  disposal.add(
    effect(() => {
      void store.comparison.value;
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
  const { canvas } = ink;
  const layer = ground.querySelector<HTMLElement>(".wc-layer");
  let frame = 0;
  let tones: Tones | null = null;

  const draw = () => {
    frame = 0;
    const size = store.size.peek();
    const view = store.view.peek();
    const of = store.comparison.peek();
    if (size.w <= 0 || size.h <= 0 || !of) return;
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    const [w, h] = [Math.round(size.w * ratio), Math.round(size.h * ratio)];
    if (canvas.width !== w) canvas.width = w;
    if (canvas.height !== h) canvas.height = h;
    tones ??= readTones(ground);
    if (layer) layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
    paint(ink, {
      of,
      view,
      size,
      ratio,
      detail: store.detail.peek(),
      tones,
      seen: seen(view, size, 8),
      side: store.side.peek(),
      current: store.current.peek(),
      hover: store.hover.peek(),
      nodeFate: store.nodeFate,
      eventFate: store.eventFate,
    });
  };
  const soon = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  disposal.add(() => cancelAnimationFrame(frame));
  disposal.add(
    effect(() => {
      for (const part of [store.view, store.size, store.comparison, store.side]) void part.value;
      for (const part of [store.current, store.hover, store.hidden]) void part.value;
      soon();
    }),
  );
  disposal.add(
    effect(() => {
      void host.theme.value;
      void host.native.value;
      tones = null;
      soon();
    }),
  );
  // A host that scrolled the output away may have thrown the picture out.
  const watch = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      tones = null;
      soon();
    }
  });
  watch.observe(ground);
  disposal.add(() => watch.disconnect());
}
