/** The clip of a cutscene: it comes from the kernel, and is shown once in place of the picture. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import type { Link } from "../shared/link";
import type { ClipMessage } from "../shared/protocol";

export interface Clip {
  /** The address of its bytes in this page. */
  readonly url: string;
  readonly label: string;
  readonly subtitle: string;
}

export interface Clips {
  /** The clip that is shown; null without one. */
  readonly clip: ReadonlySignal<Clip | null>;
  /** Show it no longer. */
  end(): void;
}

/** Formats that are shown; a browser would take others for a page. */
const MEDIA_TYPES = new Set(["video/mp4", "video/webm", "video/ogg"]);

export function openClips(link: Link, disposal: Disposal): Clips {
  const clip = signal<Clip | null>(null);

  function show(next: Clip | null): void {
    const before = clip.peek();
    clip.value = next;
    if (before) URL.revokeObjectURL(before.url);
  }

  disposal.add(
    link.listen((message, buffers) => {
      if (message.type !== "clip") return;
      const { mediaType, label, subtitle } = message as ClipMessage;
      const bytes = buffers[0];
      if (!bytes || !MEDIA_TYPES.has(mediaType)) return;
      const data = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
      show({ url: URL.createObjectURL(new Blob([data], { type: mediaType })), label, subtitle });
    }),
  );
  disposal.add(() => show(null));
  return { clip, end: () => show(null) };
}
