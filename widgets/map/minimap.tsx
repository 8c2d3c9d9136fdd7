/** The whole map in a corner, with a frame around what is seen. Dragging in it moves the view. */
import { effect } from "@preact/signals";
import type { JSX, MouseEventHandler } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Host } from "../shared/host";
import type { MapState } from "./camera";
import { pixelRatio, resizeCanvas } from "./canvas/ground";
import type { Palette } from "./canvas/palette";
import type { Rect } from "./geometry/curve";
import { CARD_H, CARD_W } from "./geometry/dimensions";
import type { Scene } from "./scene";
import { fitRect, holds, toWorld, type Viewport, visibleRect } from "./viewport";

const SIZE = { w: 152, h: 96 };

/** The cards as the minimap draws them. */
export interface MiniCards {
  readonly scene: Scene;
  /** The size of a card, never so small that it would not be seen. */
  readonly w: number;
  readonly h: number;
  /** Return the top left corner of a node's card. */
  corner(node: number): readonly [x: number, y: number];
  /** Return where a part of the map is in the miniature. */
  toMiniature(rect: Rect): Rect;
}

export interface MinimapProps<Colours extends Palette> {
  readonly host: Host;
  readonly map: MapState;
  /** The widget's own name for it. */
  readonly class: string;
  readonly readColours: (canvas: HTMLElement) => Colours;
  /** Read the signals that the looks of the cards depend on, besides the drawing and the theme. */
  readonly track?: () => void;
  readonly drawCards: (ink: CanvasRenderingContext2D, cards: MiniCards, palette: Colours) => void;
  /** The node whose card has a ring. */
  readonly current?: () => number;
  readonly onDrag?: () => void;
  readonly onMouseDown?: MouseEventHandler<HTMLCanvasElement>;
}

export function Minimap<Colours extends Palette>(props: MinimapProps<Colours>): JSX.Element | null {
  return (props.map.scene.value?.places.length ?? 0) < 2 ? null : <Miniature {...props} />;
}

function Miniature<Colours extends Palette>(props: MinimapProps<Colours>): JSX.Element {
  const { host, map } = props;
  const latest = useRef(props);
  latest.current = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const miniature = useRef<Viewport>({ x: 0, y: 0, k: 1 });

  useLayoutEffect(() => {
    const target = canvas.current;
    const ink = target?.getContext("2d");
    if (!target || !ink) return;
    const background = document.createElement("canvas");
    const base = background.getContext("2d");
    let frame = 0;
    let palette: Colours | null = null;
    let stale = true;

    const drawBackground = (scene: Scene, mini: Viewport, ratio: number) => {
      resizeCanvas(background, SIZE, ratio);
      resizeCanvas(target, SIZE, ratio);
      if (!base) return;
      palette = latest.current.readColours(target);
      base.setTransform(ratio, 0, 0, ratio, 0, 0);
      base.clearRect(0, 0, SIZE.w, SIZE.h);
      const cards: MiniCards = {
        scene,
        w: Math.max(1.5, CARD_W * mini.k),
        h: Math.max(1.5, CARD_H * mini.k),
        corner: (node) => {
          const [x, y] = scene.places[node] ?? [0, 0];
          return [x * mini.k + mini.x, y * mini.k + mini.y];
        },
        toMiniature: ({ x, y, w, h }) => ({
          x: x * mini.k + mini.x,
          y: y * mini.k + mini.y,
          w: w * mini.k,
          h: h * mini.k,
        }),
      };
      latest.current.drawCards(base, cards, palette);
    };

    const draw = () => {
      frame = 0;
      const scene = map.scene.peek();
      const extent = scene?.extent;
      if (!scene || !extent || map.size.peek().w <= 0) return;
      const ratio = pixelRatio();
      const mini = fitRect(extent, SIZE, 8, 0.2);
      miniature.current = mini;
      if (stale || background.width !== Math.round(SIZE.w * ratio)) drawBackground(scene, mini, ratio);
      stale = false;
      if (!palette) return;
      ink.setTransform(1, 0, 0, 1, 0, 0);
      ink.clearRect(0, 0, target.width, target.height);
      ink.drawImage(background, 0, 0);
      ink.setTransform(ratio, 0, 0, ratio, 0, 0);
      const current = scene.places[latest.current.current?.() ?? -1];
      if (current) {
        const [x, y] = current;
        ink.strokeStyle = palette.accent;
        ink.lineWidth = 1.5;
        ink.strokeRect(x * mini.k + mini.x - 2, y * mini.k + mini.y - 2, CARD_W * mini.k + 4, CARD_H * mini.k + 4);
      }
      const area = visibleRect(map.view.peek(), map.size.peek());
      target.toggleAttribute("data-whole", holds(area, extent));
      ink.strokeStyle = palette.text;
      ink.lineWidth = 1;
      const left = Math.max(0.5, area.x * mini.k + mini.x);
      const top = Math.max(0.5, area.y * mini.k + mini.y);
      const right = Math.min(SIZE.w - 0.5, (area.x + area.w) * mini.k + mini.x);
      const bottom = Math.min(SIZE.h - 0.5, (area.y + area.h) * mini.k + mini.y);
      if (right > left && bottom > top) ink.strokeRect(left, top, right - left, bottom - top);
    };
    const schedule = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const stops = [
      effect(() => {
        for (const part of [map.scene, host.theme, host.native]) void part.value;
        latest.current.track?.();
        stale = true;
        schedule();
      }),
      effect(() => {
        void map.view.value;
        void map.size.value;
        latest.current.current?.();
        schedule();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      cancelAnimationFrame(frame);
    };
  }, [map, host]);

  const moveView = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    props.onDrag?.();
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = toWorld(miniature.current, event.clientX - box.left, event.clientY - box.top);
    const { k } = map.view.peek();
    const { w, h } = map.size.peek();
    map.view.value = { x: w / 2 - at.x * k, y: h / 2 - at.y * k, k };
  };

  return (
    <canvas
      class={`wm-minimap ${props.class}`}
      ref={canvas}
      aria-hidden="true"
      style={{ width: `${SIZE.w}px`, height: `${SIZE.h}px` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        moveView(event);
      }}
      onPointerMove={moveView}
      onMouseDown={props.onMouseDown}
    />
  );
}
