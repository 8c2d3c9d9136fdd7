/** The least of a page that components are rendered into: elements with attributes, children and events. */
import { type ComponentChild, render } from "preact";
import { act } from "preact/test-utils";
import { onTestFinished, vi } from "vitest";

type Handler = (this: FakeElement, event: object) => void;

class FakeNode {
  parentNode: FakeElement | null = null;
  constructor(
    readonly nodeType: number,
    readonly localName: string,
    public data = "",
  ) {}

  get nextSibling(): FakeNode | null {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }

  get textContent(): string {
    return this.data;
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }
}

export class FakeElement extends FakeNode {
  readonly childNodes: FakeNode[] = [];
  readonly attributes = new Map<string, string>();
  readonly style: { [name: string]: unknown } = {
    setProperty(name: string, value: unknown) {
      Object.assign(this, { [name]: value });
    },
  };
  readonly namespaceURI = "http://www.w3.org/1999/xhtml";
  readonly #handlers = new Map<string, Set<Handler>>();

  constructor(localName: string) {
    super(1, localName);
    if (["input", "textarea", "select"].includes(localName)) Object.assign(this, { value: "", readOnly: false });
  }

  get children(): FakeElement[] {
    return this.childNodes.filter((child) => child instanceof FakeElement);
  }

  get firstChild(): FakeNode | null {
    return this.childNodes[0] ?? null;
  }

  override get textContent(): string {
    return this.childNodes.map((child) => child.textContent).join("");
  }

  insertBefore(child: FakeNode, before: FakeNode | null): void {
    child.remove();
    this.childNodes.splice(before ? this.childNodes.indexOf(before) : this.childNodes.length, 0, child);
    child.parentNode = this;
  }

  removeChild(child: FakeNode): void {
    this.childNodes.splice(this.childNodes.indexOf(child), 1);
    child.parentNode = null;
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, String(value));
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  addEventListener(type: string, handler: Handler): void {
    this.#handlers.set(type, (this.#handlers.get(type) ?? new Set()).add(handler));
  }

  removeEventListener(type: string, handler: Handler): void {
    this.#handlers.get(type)?.delete(handler);
  }

  focus(): void {}
  select(): void {}
  scrollIntoView(): void {}
  closest(): null {
    return null;
  }
  querySelector(): null {
    return null;
  }
  /** Say whether one of some selectors is the name of this element, or `[name=value]` of its attributes. */
  matches(selectors: string): boolean {
    return selectors.split(", ").some((selector) => {
      const [, name = "", value] = /^\[(.+)=(.+)\]$/.exec(selector) ?? [];
      return value === undefined ? selector === this.localName : this.attributes.get(name) === value;
    });
  }
  get elements() {
    return { namedItem: () => null };
  }
  getRootNode() {
    return { activeElement: null };
  }

  /** Return all elements inside, in order. */
  get descendants(): FakeElement[] {
    return this.children.flatMap((child) => [child, ...child.descendants]);
  }

  /** Return the first element inside that has an attribute of a value. */
  find(name: string, value: string): FakeElement {
    const element = this.descendants.find(({ attributes }) => attributes.get(name) === value);
    if (!element) throw new Error(`no element has the ${name} “${value}”`);
    return element;
  }

  /** Return the field with a label. */
  field(label: string): FakeElement {
    const element = this.descendants.find(
      ({ localName, textContent }) => localName === "label" && textContent === label,
    );
    return this.find("id", element?.attributes.get("for") ?? label);
  }

  /** Let an event happen to this element alone. */
  fire(type: string, more: object = {}): void {
    const event = { type, target: this, currentTarget: this, preventDefault() {}, stopPropagation() {}, ...more };
    void act(() => {
      for (const handler of this.#handlers.get(type) ?? []) handler.call(this, event);
    });
  }

  /** Put a text into a field as somebody who types it. */
  typeText(text: string): void {
    Object.assign(this, { value: text });
    this.fire("input");
  }
}

/**
 * Render something into a page of its own; the result renders it again, or takes it away when that is null. At the end of
 * the test it is taken away, so that its timers and effects do not run in the next.
 */
export function openPage(): { root: FakeElement; show(what: ComponentChild): void } {
  vi.stubGlobal("document", {
    createElementNS: (_: string, name: string) => new FakeElement(name),
    createTextNode: (data: string) => new FakeNode(3, "", data),
  });
  const root = new FakeElement("div");
  const show = (what: ComponentChild) => void act(() => render(what, root as unknown as Element));
  onTestFinished(() => show(null));
  return { root, show };
}
