/** The stage of a map: a canvas under a layer of cards. It is painted only when something that it shows has changed. */
import { effect } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import type { Host } from "../shared/host";
import type { Camera, MapState } from "./camera";
import { type Picture, pixelRatio, resizeCanvas } from "./canvas/ground";
import type { Palette } from "./canvas/palette";
import type { Rect } from "./geometry/curve";
import type { Scene } from "./scene";
import { holds, pan, toWorld, type Viewport, visibleRect } from "./viewport";

/** How far the stage lies below the top of its view. */
function topInView(stage: HTMLElement): number {
  const root = stage.closest(".wk-root");
  return root ? stage.getBoundingClientRect().top - root.getBoundingClientRect().top : 0;
}

/**
 * Follow the stage's size. The map is brought into view by the camera, and again at a new size until somebody moves it;
 * what was fitted into the view stays so.
 * When a banner above it comes or goes, what is on the map stays where it is on the screen.
 */
export function watchSize(
  stage: HTMLElement,
  map: MapState,
  camera: Pick<Camera, "measureWith" | "isFitted"> & { open(): void },
  disposal: Disposal,
): void {
  let first: Viewport | null = null;
  let top = 0;
  let isMeasuring = false;
  const measure = () => {
    if (isMeasuring) return; // to bring the map into view, the camera asks for the size itself
    isMeasuring = true;
    try {
      follow();
    } finally {
      isMeasuring = false;
    }
  };
  const follow = () => {
    const { clientWidth: w, clientHeight: h } = stage;
    const before = map.size.peek();
    const resized = w !== before.w || h !== before.h;
    if (resized) map.size.value = { w, h };
    const shift = topInView(stage) - top;
    top += shift;
    const untouched = first === null || (resized && (first === map.view.peek() || camera.isFitted()));
    if (first && shift !== 0 && w === before.w) {
      map.view.value = pan(map.view.peek(), 0, -shift);
      if (untouched) first = map.view.peek();
      return;
    }
    if (!untouched || w <= 0 || h <= 0 || !map.scene.peek()?.extent) return;
    camera.open();
    first = map.view.peek();
  };
  camera.measureWith(measure);
  disposal.add(() => camera.measureWith(() => {}));
  const observer = new ResizeObserver(measure);
  observer.observe(stage);
  disposal.add(() => observer.disconnect());
  // A map that was empty at first is brought into view when its first state comes, and so is another world.
  let before: Scene | null = null;
  disposal.add(
    effect(() => {
      const scene = map.scene.value;
      if (before && scene && showsAnotherWorld(before, scene)) first = null;
      before = scene;
      measure();
    }),
  );
}

/** Whether most states of a drawing are not those of the one before. */
function showsAnotherWorld({ graph: before }: Scene, { graph: after }: Scene): boolean {
  if (before.byId === after.byId || after.byId.size === 0) return false;
  if (before.byId.size === 0) return true;
  // a box that stands for collapsed states is of the same world, and the only state of a world may have been renamed
  const hasBox = [before, after].some(({ byId }) => [...byId.keys()].some((id) => id.startsWith("\u0000")));
  if (hasBox || (before.byId.size === 1 && after.byId.size === 1)) return false;
  let sharedCount = 0;
  for (const id of after.byId.keys()) if (before.byId.has(id)) sharedCount += 1;
  return 2 * sharedCount < Math.min(before.byId.size, after.byId.size);
}

/** Return the shadows of the sides of the stage beyond which the map goes on. */
function shadows(map: MapState, view: Viewport): string {
  const extent = map.scene.peek()?.extent;
  if (!extent) return "none";
  const area = visibleRect(view, map.size.peek());
  const sides: readonly (readonly [x: number, y: number, isMore: boolean])[] = [
    [1, 0, extent.x < area.x],
    [-1, 0, extent.x + extent.w > area.x + area.w],
    [0, 1, extent.y < area.y],
    [0, -1, extent.y + extent.h > area.y + area.h],
  ];
  const more = sides.filter(([, , isMore]) => isMore);
  return more.map(([x, y]) => `inset ${16 * x}px ${16 * y}px 14px -14px var(--wm-shade)`).join(", ") || "none";
}

/** Return the part of the map that lies under the miniature of it, if that is shown. */
function coveredPart(stage: HTMLElement, map: MapState, view: Viewport): Rect | null {
  const miniature = stage.parentElement?.querySelector<HTMLElement>(".wm-minimap");
  const extent = map.scene.peek()?.extent;
  if (!miniature?.offsetWidth || !extent || holds(visibleRect(view, map.size.peek()), extent)) return null;
  const { x, y } = toWorld(view, miniature.offsetLeft, miniature.offsetTop);
  return { x, y, w: miniature.offsetWidth / view.k, h: miniature.offsetHeight / view.k };
}

export interface Painter<Colours extends Palette> {
  /** Read the signals that the picture depends on, besides the view, the size and the drawing. */
  readonly track: () => void;
  readonly readColours: (stage: HTMLElement) => Colours;
  readonly paint: (picture: Picture<Colours>) => void;
}

/** Paint, at most once a frame, whenever what the picture depends on has changed. */
export function paintOnChange<Colours extends Palette>(
  host: Host,
  stage: HTMLElement,
  canvas: HTMLCanvasElement,
  map: MapState,
  painter: Painter<Colours>,
  disposal: Disposal,
): void {
  const layer = stage.querySelector<HTMLElement>(".wm-layer");
  let frame = 0;
  let palette: Colours | null = null;

  const draw = () => {
    frame = 0;
    const size = map.size.peek();
    const view = map.view.peek();
    if (size.w <= 0 || size.h <= 0) return;
    const ratio = pixelRatio();
    resizeCanvas(canvas, size, ratio);
    palette ??= painter.readColours(stage);
    const covered = coveredPart(stage, map, view);
    stage.style.setProperty("--wm-more", shadows(map, view));
    if (layer) layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.k})`;
    painter.paint({ view, size, ratio, palette, covered });
  };
  const schedule = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  // The new size is on the screen with this frame, so the picture for it is too.
  const sizeObserver = new ResizeObserver(() => {
    if (frame === 0) return;
    cancelAnimationFrame(frame);
    draw();
  });
  sizeObserver.observe(stage);
  disposal.add(() => sizeObserver.disconnect());
  const repaint = () => {
    palette = null;
    schedule();
  };
  disposal.add(() => cancelAnimationFrame(frame));
  disposal.add(
    effect(() => {
      for (const part of [map.view, map.size, map.scene]) void part.value;
      painter.track();
      schedule();
    }),
  );
  disposal.add(
    effect(() => {
      void host.theme.value;
      void host.native.value;
      repaint();
    }),
  );
  // A host may discard the canvas of an output that was scrolled away.
  const observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) repaint();
  });
  observer.observe(stage);
  disposal.add(() => observer.disconnect());
}
