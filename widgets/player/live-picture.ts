/** The frames that a painter sends: the newest is decoded and shown, and each is acknowledged, so that the next may come. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import type { Link } from "../shared/link";
import type { Accepted, AnchorsMessage, FoundAnchor, FrameMessage, Rejected } from "../shared/protocol";

/** A frame larger than this on a side is not shown. */
const MAX_SIDE = 8192;
const RATE_SECONDS = 2;

/** The controls by the place of their key, as on any keyboard layout. */
const CONTROLS: Readonly<Record<string, string>> = {
  KeyW: "forward",
  KeyS: "back",
  KeyA: "strafe_left",
  KeyD: "strafe_right",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export interface LivePicture {
  /** The canvas that frames are drawn on; null while none is shown. */
  readonly canvas: ReadonlySignal<HTMLCanvasElement | null>;
  /** Draw on a canvas from now on; null to draw nowhere. */
  open(canvas: HTMLCanvasElement | null): void;
  /** Whether a frame was drawn. */
  readonly hasFrame: ReadonlySignal<boolean>;
  /** Frames a second, lately. */
  readonly rate: ReadonlySignal<number>;
  /** The anchors that were found in the picture last. */
  readonly anchors: ReadonlySignal<readonly FoundAnchor[]>;
  /** The picture's width divided by its height. */
  readonly aspect: ReadonlySignal<number>;
  readonly held: ReadonlySignal<ReadonlySet<string>>;
  /** A key went down or up in the picture; true when it is a control. */
  key(code: string, down: boolean): boolean;
  /** Let go of everything. */
  release(): void;
}

export function openLivePicture(link: Link, forward: Signal<boolean>, disposal: Disposal): LivePicture {
  const canvas = signal<HTMLCanvasElement | null>(null);
  const hasFrame = signal(false);
  const rate = signal(0);
  const held = signal<ReadonlySet<string>>(new Set());
  const anchors = signal<readonly FoundAnchor[]>([]);
  const aspect = signal(16 / 9);
  const times: number[] = [];
  let last = 0;

  disposal.add(
    link.listen((message, buffers) => {
      if (message.type === "frame") void show(message as FrameMessage, buffers[0]);
      else if (message.type === "anchors") anchors.value = (message as AnchorsMessage).found;
    }),
  );
  disposal.add(() => release());
  // a picture that stands still sends nothing that would say so
  const clock = setInterval(() => updateRate(performance.now()), 1000);
  disposal.add(() => clearInterval(clock));

  async function show(frame: FrameMessage, bytes: DataView | undefined): Promise<void> {
    try {
      // of two frames that are decoded at once, the older one may be ready last
      if (bytes && (await draw(frame, bytes, canvas.peek(), () => frame.number > last))) {
        last = frame.number;
        hasFrame.value = true;
        const shown = canvas.peek();
        if (shown) aspect.value = shown.width / shown.height;
        count(performance.now());
      }
    } catch {
      // a picture that cannot be decoded is left out
    } finally {
      acknowledge(frame.number);
    }
  }

  function acknowledge(frame: number): void {
    void link.request<Accepted | Rejected>({ type: "shown", frame });
  }

  function count(now: number): void {
    times.push(now);
    updateRate(now);
  }

  function updateRate(now: number): void {
    while ((times[0] ?? now) < now - RATE_SECONDS * 1000) times.shift();
    const first = times[0] ?? now;
    rate.value = now > first ? Math.round((1000 * (times.length - 1)) / (now - first)) : 0;
  }

  function hold(next: ReadonlySet<string>): void {
    held.value = next;
    forward.value = next.has("forward");
    void link.request<Accepted | Rejected>({ type: "hold", controls: [...next] });
  }

  function key(code: string, down: boolean): boolean {
    const control = CONTROLS[code];
    if (!control) return false;
    if (held.peek().has(control) !== down) {
      const next = new Set(held.peek());
      if (down) next.add(control);
      else next.delete(control);
      hold(next);
    }
    return true;
  }

  function release(): void {
    if (held.peek().size > 0) hold(new Set());
  }

  function open(next: HTMLCanvasElement | null): void {
    canvas.value = next;
    hasFrame.value = false;
    // frames that were sent before this view opened are waited for by nobody
    if (next) acknowledge(0);
  }

  return { canvas, open, hasFrame, rate, anchors, aspect, held, key, release };
}

async function draw(
  frame: FrameMessage,
  bytes: DataView,
  canvas: HTMLCanvasElement | null,
  isNewest: () => boolean,
): Promise<boolean> {
  if (!canvas) return false;
  const data = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  const bitmap =
    frame.mediaType === "image/x-rgba"
      ? await createImageBitmap(new ImageData(new Uint8ClampedArray(data), frame.width ?? 0, frame.height ?? 0))
      : await createImageBitmap(new Blob([data], { type: frame.mediaType }));
  const isShown = bitmap.width <= MAX_SIDE && bitmap.height <= MAX_SIDE && isNewest();
  if (isShown) {
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  }
  bitmap.close();
  return isShown;
}
