/** The frames that a painter sends: each is decoded, drawn at a tick and acknowledged, so that the next may come. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import { isLost, type Link } from "../shared/link";
import type { Accepted, AnchorsMessage, FoundAnchor, FrameMessage, Rejected } from "../shared/protocol";
import { FrameQueue } from "./frame-queue";

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
  /** Milliseconds from when a frame leaves the kernel until the kernel hears that it was drawn, lately. */
  readonly delay: ReadonlySignal<number | null>;
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
  const delay = signal<number | null>(null);
  const held = signal<ReadonlySet<string>>(new Set());
  const anchors = signal<readonly FoundAnchor[]>([]);
  const aspect = signal(16 / 9);
  const times: number[] = [];
  const queue = new FrameQueue<ImageBitmap>(show);

  disposal.add(
    link.listen((message, buffers) => {
      if (message.type === "frame") void receive(message as FrameMessage, buffers[0]);
      else if (message.type === "anchors") anchors.value = (message as AnchorsMessage).found;
    }),
  );
  disposal.add(() => release());
  disposal.add(() => queue.clear());
  // a picture that stands still sends nothing that would say so
  const clock = setInterval(() => updateRate(performance.now()), 1000);
  disposal.add(() => clearInterval(clock));

  async function receive(frame: FrameMessage, bytes: DataView | undefined): Promise<void> {
    try {
      delay.value = frame.delayMs ?? null;
      if (bytes && canvas.peek()) return queue.add(frame.number, await decode(frame, bytes));
    } catch {
      // a picture that cannot be decoded is left out
    }
    acknowledge(frame.number);
  }

  function show(number: number, bitmap: ImageBitmap): void {
    const target = canvas.peek();
    if (target && bitmap.width <= MAX_SIDE && bitmap.height <= MAX_SIDE) {
      if (target.width !== bitmap.width) target.width = bitmap.width;
      if (target.height !== bitmap.height) target.height = bitmap.height;
      target.getContext("2d")?.drawImage(bitmap, 0, 0);
      hasFrame.value = true;
      aspect.value = bitmap.width / bitmap.height;
      count(performance.now());
    }
    acknowledge(number);
  }

  function acknowledge(frame: number): void {
    void link.request<Accepted | Rejected>({ type: "shown", frame }).then((reply) => {
      // the kernel sends no more frames before it hears that
      if (isLost(reply)) acknowledge(frame);
    });
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
    void link.request<Accepted | Rejected>({ type: "hold", controls: [...next] }).then((reply) => {
      if (isLost(reply) && held.peek() === next) hold(next);
    });
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

  return { canvas, open, hasFrame, rate, delay, anchors, aspect, held, key, release };
}

function decode(frame: FrameMessage, bytes: DataView): Promise<ImageBitmap> {
  const data = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  return frame.mediaType === "image/x-rgba"
    ? createImageBitmap(new ImageData(new Uint8ClampedArray(data), frame.width ?? 0, frame.height ?? 0))
    : createImageBitmap(new Blob([data], { type: frame.mediaType }));
}
