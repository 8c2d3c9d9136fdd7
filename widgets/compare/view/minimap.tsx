/** The whole map in a corner, what differs standing out, with a frame around what is seen. Dragging moves the view. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { CARD_H, CARD_W } from "../../map/geometry/route";
import { fitted, seen, toWorld, type Viewport } from "../../map/viewport";
import { readTones } from "../canvas/frame";
import { tone } from "../marks";
import { stands } from "../store";
import type { ViewProps } from "./stage";

const W = 152;
const H = 96;
/** Pixels that a state which differs is at least wide. */
const LEAST = 4;

export function Minimap({ host, store, camera }: ViewProps): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<Viewport>({ x: 0, y: 0, k: 1 });

  useLayoutEffect(() => {
    const target = canvas.current;
    const ink = target?.getContext("2d");
    if (!target || !ink) return;
    const ground = document.createElement("canvas");
    let frame = 0;

    const drawGround = (mini: Viewport, ratio: number) => {
      const of = store.comparison.peek();
      const base = ground.getContext("2d");
      if (!of || !base) return;
      ground.width = target.width = Math.round(W * ratio);
      ground.height = target.height = Math.round(H * ratio);
      base.setTransform(ratio, 0, 0, ratio, 0, 0);
      const tones = readTones(target);
      const marked: [x: number, y: number, colour: string][] = [];
      base.fillStyle = tones.strong;
      base.globalAlpha = 0.5;
      const w = Math.max(1.5, CARD_W * mini.k);
      const h = Math.max(1.5, CARD_H * mini.k);
      of.scene.places.forEach(([x, y], node) => {
        const fate = store.nodeFate(node);
        if (!stands(fate, store.side.peek())) return;
        const colour = tone(fate.mark);
        const [left, top] = [x * mini.k + mini.x, y * mini.k + mini.y];
        if (colour) marked.push([left, top, tones[colour]]);
        else base.fillRect(left, top, w, h);
      });
      base.globalAlpha = 1;
      for (const [left, top, colour] of marked) {
        const [wide, high] = [Math.max(LEAST, w), Math.max(LEAST, h)];
        base.fillStyle = colour;
        base.fillRect(left - (wide - w) / 2, top - (high - h) / 2, wide, high);
      }
    };

    let stale = true;
    const draw = () => {
      frame = 0;
      const extent = store.comparison.peek()?.scene.extent;
      if (!extent || store.size.peek().w <= 0) return;
      const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
      const mini = fitted(extent, { w: W, h: H }, 8, 0.2);
      shown.current = mini;
      if (stale) drawGround(mini, ratio);
      stale = false;
      ink.setTransform(1, 0, 0, 1, 0, 0);
      ink.clearRect(0, 0, target.width, target.height);
      ink.drawImage(ground, 0, 0);
      ink.setTransform(ratio, 0, 0, ratio, 0, 0);
      const area = seen(store.view.peek(), store.size.peek());
      const ends = extent.x + extent.w <= area.x + area.w && extent.y + extent.h <= area.y + area.h;
      target.toggleAttribute("data-whole", extent.x >= area.x && extent.y >= area.y && ends);
      ink.strokeStyle = getComputedStyle(target).color;
      const left = Math.max(0.5, area.x * mini.k + mini.x);
      const top = Math.max(0.5, area.y * mini.k + mini.y);
      const right = Math.min(W - 0.5, (area.x + area.w) * mini.k + mini.x);
      const bottom = Math.min(H - 0.5, (area.y + area.h) * mini.k + mini.y);
      if (right > left && bottom > top) ink.strokeRect(left, top, right - left, bottom - top);
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const forget = effect(() => {
      for (const part of [store.comparison, store.side, store.hidden, host.theme, host.native]) void part.value;
      stale = true;
      soon();
    });
    const follow = effect(() => {
      void store.view.value;
      void store.size.value;
      soon();
    });
    return () => {
      forget();
      follow();
      cancelAnimationFrame(frame);
    };
  }, [store, host]);

  const move = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    camera.stop();
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = toWorld(shown.current, event.clientX - box.left, event.clientY - box.top);
    const { k } = store.view.peek();
    const { w, h } = store.size.peek();
    store.view.value = { x: w / 2 - at.x * k, y: h / 2 - at.y * k, k };
  };

  if ((store.comparison.value?.graph.nodes.length ?? 0) < 2) return null;
  return (
    <canvas
      class="wc-minimap"
      ref={canvas}
      aria-hidden="true"
      style={{ width: `${W}px`, height: `${H}px` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={move}
    />
  );
}
