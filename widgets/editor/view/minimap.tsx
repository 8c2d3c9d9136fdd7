/** The whole world in a corner, with a frame around what is seen. Dragging in it moves the view. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Palette, readPalette } from "../../map/canvas/palette";
import { CARD_H, CARD_W } from "../../map/geometry/route";
import { fitted, seen, toWorld, type Viewport } from "../../map/viewport";
import { toMap } from "./combobox";
import type { StageProps } from "./stage";

const W = 152;
const H = 96;

type MinimapProps = Pick<StageProps, "host" | "store">;

export function Minimap(props: MinimapProps): JSX.Element | null {
  return props.store.graph.value.nodes.length < 2 ? null : <Drawn {...props} />;
}

function Drawn({ host, store }: MinimapProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<Viewport>({ x: 0, y: 0, k: 1 });

  useLayoutEffect(() => {
    const target = canvas.current;
    const ink = target?.getContext("2d");
    if (!target || !ink) return;
    const ground = document.createElement("canvas");
    let frame = 0;
    let drawn: unknown = null;
    let palette: Palette | null = null;
    const forget = effect(() => {
      void host.theme.value;
      void host.native.value;
      palette = null;
      drawn = null;
    });

    const draw = () => {
      frame = 0;
      const { scene, view, size, selectedNode } = store;
      const extent = scene.peek().extent;
      if (!extent || size.peek().w <= 0) return;
      const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
      const mini = fitted(extent, { w: W, h: H }, 8, 0.2);
      shown.current = mini;
      palette ??= readPalette(target);
      if (drawn !== scene.peek() || ground.width !== Math.round(W * ratio)) {
        drawn = scene.peek();
        ground.width = target.width = Math.round(W * ratio);
        ground.height = target.height = Math.round(H * ratio);
        const tones = palette;
        const base = ground.getContext("2d");
        base?.setTransform(ratio, 0, 0, ratio, 0, 0);
        scene.peek().places.forEach(([x, y], index) => {
          const node = scene.peek().graph.nodes[index];
          if (!base || !node) return;
          base.fillStyle = node.ending ? tones[node.ending.kind] : node.start ? tones.accent : tones.strong;
          const w = Math.max(1.5, CARD_W * mini.k);
          const h = Math.max(1.5, CARD_H * mini.k);
          base.fillRect(x * mini.k + mini.x, y * mini.k + mini.y, w, h);
        });
      }
      ink.setTransform(1, 0, 0, 1, 0, 0);
      ink.clearRect(0, 0, target.width, target.height);
      ink.drawImage(ground, 0, 0);
      ink.setTransform(ratio, 0, 0, ratio, 0, 0);
      const chosen = scene.peek().places[selectedNode.peek()];
      ink.strokeStyle = palette.accent;
      ink.lineWidth = 1.5;
      if (chosen) {
        const [x, y] = chosen;
        ink.strokeRect(x * mini.k + mini.x - 2, y * mini.k + mini.y - 2, CARD_W * mini.k + 4, CARD_H * mini.k + 4);
      }
      const area = seen(view.peek(), size.peek());
      const ends = extent.x + extent.w <= area.x + area.w && extent.y + extent.h <= area.y + area.h;
      target.toggleAttribute("data-whole", extent.x >= area.x && extent.y >= area.y && ends);
      ink.strokeStyle = palette.text;
      ink.lineWidth = 1;
      const left = Math.max(0.5, area.x * mini.k + mini.x);
      const top = Math.max(0.5, area.y * mini.k + mini.y);
      const right = Math.min(W - 0.5, (area.x + area.w) * mini.k + mini.x);
      const bottom = Math.min(H - 0.5, (area.y + area.h) * mini.k + mini.y);
      if (right > left && bottom > top) ink.strokeRect(left, top, right - left, bottom - top);
    };
    const stop = effect(() => {
      for (const part of [store.view, store.size, store.scene, store.selectedNode, host.theme, host.native])
        void part.value;
      if (frame === 0) frame = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      forget();
      cancelAnimationFrame(frame);
    };
  }, [store, host]);

  const go = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = toWorld(shown.current, event.clientX - box.left, event.clientY - box.top);
    const { k } = store.view.peek();
    const { w, h } = store.size.peek();
    store.view.value = { x: w / 2 - at.x * k, y: h / 2 - at.y * k, k };
  };

  return (
    <canvas
      class="we-minimap"
      ref={canvas}
      aria-hidden="true"
      style={{ width: `${W}px`, height: `${H}px` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
      onMouseDown={(event) => {
        event.preventDefault();
        toMap(event.currentTarget);
      }}
    />
  );
}
