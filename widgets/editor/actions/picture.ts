/** Saving the whole map as a picture. */
import { download } from "../../shared/download";
import { firstCharacters, joinWords } from "../../shared/format";
import { text } from "../../shared/json";
import type { PictureReply, Rejected } from "../../shared/protocol";
import type { Theme } from "../../shared/theme";
import type { Context } from "./context";

type PictureKind = "png" | "svg";

export interface PictureActions {
  /** Download a picture of the whole map as it is arranged. */
  savePicture(kind: PictureKind, theme: Theme): Promise<void>;
}

/** Browsers draw no canvas that is much wider, higher or larger. */
const MAX_SIDE = 12_000;
const MAX_AREA = 64_000_000;
/** How many pixels of the file stand for one of the map, where that fits. */
const MAX_SCALE = 2;

export function pictureActions({ store, notices }: Context): PictureActions {
  return {
    savePicture: async (kind, theme) => {
      const reply = await store.link.request<PictureReply | Rejected>({
        type: "picture",
        theme,
        pictures: store.pictures.areOn.peek(),
      });
      if (!notices.answered(reply, "picture")) return;
      const { world } = store.doc.peek();
      const name = `${fileName(text(world.name) || text(world.id))}.${kind}`;
      try {
        download(name, kind === "svg" ? reply.svg : await toPng(reply.svg));
        notices.show(`Saved the map as ${name}, where your browser keeps downloads.`);
      } catch {
        notices.show("The picture could not be drawn here. Save it as SVG.", "error");
      }
    },
  };
}

/** Return a name for a file that every system takes. */
export function fileName(name: string): string {
  return firstCharacters(joinWords(name, "-", "_-"), 80) || "world";
}

/** Return how large a PNG of a picture is: sharp, and no larger than a canvas may be. */
export function pngSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(MAX_SCALE, MAX_SIDE / width, MAX_SIDE / height, Math.sqrt(MAX_AREA / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

async function toPng(svg: string): Promise<Blob> {
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const [, , across = 1, down = 1] = (root.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const { width, height } = pngSize(across, down);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(root))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png");
  });
}
