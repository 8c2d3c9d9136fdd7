/** A canvas that only notes the words that are drawn on it. */
export function fakeInk(): { readonly ink: CanvasRenderingContext2D; readonly words: readonly string[] } {
  const words: string[] = [];
  const own: { [name: string]: unknown } = {
    fillText: (text: string) => void words.push(text),
    measureText: (text: string) => ({ width: 6 * text.length }),
  };
  const ink = new Proxy(own, { get: (target, name: string) => target[name] ?? (() => {}) });
  return { ink: ink as unknown as CanvasRenderingContext2D, words };
}
