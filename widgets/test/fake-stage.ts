/** The least of an element that gestures need. */
export class FakeStage {
  readonly dataset: { [name: string]: string } = {};
  readonly #handlers = new Map<string, ((event: unknown) => void)[]>();
  addEventListener(type: string, handler: (event: unknown) => void): void {
    this.#handlers.set(type, [...(this.#handlers.get(type) ?? []), handler]);
  }
  removeEventListener(): void {}
  setPointerCapture(): void {}
  toggleAttribute(): void {}
  getBoundingClientRect() {
    return { left: 0, top: 0 };
  }
  fire(type: string, x: number, y: number, more: { [key: string]: unknown } = {}): void {
    const keys = { shiftKey: false, ctrlKey: false, metaKey: false };
    const event = { button: 0, pointerId: 1, clientX: x, clientY: y, target: this, ...keys, ...more };
    const methods = { preventDefault() {}, composedPath: () => [] };
    for (const handler of this.#handlers.get(type) ?? []) handler({ ...event, ...methods });
  }
}
