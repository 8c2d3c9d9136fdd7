import { describe, expect, it } from "vitest";
import { fileName, pngSize } from "../../editor/actions/picture";
import { openEditor } from "./open-editor";

describe("a picture of the map", () => {
  it("has a file name that every system takes", () => {
    expect(fileName("The Light at Skarra")).toBe("The-Light-at-Skarra");
    expect(fileName("../../etc/passwd\u0000")).toBe("etc-passwd");
    expect(fileName("Кафе «Ночь»")).toBe("Кафе-Ночь");
    expect(fileName("किताब")).toBe("किताब");
    expect(fileName("night_shift - 2")).toBe("night_shift---2");
    expect(fileName("  ")).toBe("world");
    expect(Array.from(fileName("𝕏".repeat(500)))).toHaveLength(80);
  });

  it("is twice as sharp as the map where a canvas may be so large", () => {
    expect(pngSize(1000, 500)).toEqual({ width: 2000, height: 1000 });
  });

  it("is never larger than a canvas may be, and keeps its shape", () => {
    for (const [width, height] of [
      [200_000, 100],
      [30_000, 30_000],
      [1, 900_000],
    ] as const) {
      const size = pngSize(width, height);
      expect(size.width).toBeLessThanOrEqual(12_000);
      expect(size.height).toBeLessThanOrEqual(12_000);
      expect(size.width * size.height).toBeLessThanOrEqual(64_000_000);
      expect(size.width / size.height).toBeCloseTo(Math.max(width / height, 1 / size.height), 0);
    }
  });
});

describe("a picture of the entrance that is too large to be sent", () => {
  const entrance = (src: string) => ({ state: "a", image: { src, label: "A lane" } });

  /** Open the map of a world that has one, beside a kernel that says so. */
  async function openEntrance() {
    const world = { entrance: entrance("data:image/png;base64,AA"), scene: { states: { a: { base: "a" } } } };
    const editor = await openEditor(["a"], [], { world });
    const { model, store, settle } = editor;
    const { kernel } = model;
    const picture = { kind: "entrance", label: "A lane", note: "", src: "", layers: [], motion: "push" };
    model.kernel = (message) => {
      const { type, id, view } = message;
      if (type !== "pictures") kernel(message);
      else model.tell({ type: "pictures", id, view, pictures: { a: picture } });
    };
    const shown = () => {
      const [node] = store.graph.peek().nodes;
      return node ? store.pictures.of(node) : null;
    };
    shown();
    await settle();
    return { ...editor, shown };
  }

  it("is the one of the world, and the same object while it stays, so that it is drawn once", async () => {
    const { shown } = await openEntrance();
    const before = shown();
    expect(before?.url).toBe("data:image/png;base64,AA");
    expect(shown()).toBe(before);
  });

  it("is shown anew when another one of the same label takes its place", async () => {
    const { shown, tellOf, settle } = await openEntrance();
    expect(shown()?.url).toBe("data:image/png;base64,AA");
    tellOf({ world: { set: { entrance: entrance("data:image/png;base64,BB") }, remove: [] } });
    shown();
    await settle();
    expect(shown()?.url).toBe("data:image/png;base64,BB");
  });
});
