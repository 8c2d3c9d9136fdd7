import { beforeEach, expect, test, vi } from "vitest";
import cell from "../../embed/cell";
import type { EmbedCellMessage } from "../../shared/protocol";

let elements: { localName: string; src: string }[];

function fakeElement(localName: string) {
  const element = {
    localName,
    src: "",
    style: {},
    setAttribute() {},
    addEventListener() {},
    append() {},
    remove() {},
    querySelector: () => null,
  };
  elements.push(element);
  return element;
}

beforeEach(() => {
  elements = [];
  const body = { getAttribute: () => null, classList: { contains: () => false } };
  vi.stubGlobal("document", { body, createElement: fakeElement });
  vi.stubGlobal("location", { origin: "http://lab.example" });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal(
    "MutationObserver",
    class {
      observe() {}
    },
  );
});

test("a token goes to the view that asked for it and to no other", async () => {
  const requests: { id: number }[] = [];
  const handlers: ((message: EmbedCellMessage) => void)[] = [];
  const values: Record<string, unknown> = { host: "https://play.example", slug: "lane", height: 400, theme: {} };
  const model = {
    get: (name: string) => values[name],
    send: (message: object) => void requests.push(message as { id: number }),
    on: (_: string, handler: (message: EmbedCellMessage) => void) => void handlers.push(handler),
    off() {},
  };
  for (let view = 0; view < 2; view += 1) cell.render({ model, el: fakeElement("div") as unknown as HTMLElement });
  expect(requests.length).toBe(2);
  // the kernel answers every view of the notebook
  for (const handler of handlers) handler({ type: "token", token: "first", id: requests[0]?.id ?? 0 });
  const frames = elements.filter(({ localName }) => localName === "iframe");
  await vi.waitFor(() => expect(frames[0]?.src).toContain("token=first"));
  expect(frames[1]?.src).toBe("");
});
