/** Cleanups to run when a view closes. */
export class Disposal {
  #cleanups: (() => void)[] = [];
  #done = false;

  /** Run `undo` when this is disposed of; at once if it is already. */
  add(undo: () => void): void {
    if (this.#done) undo();
    else this.#cleanups.push(undo);
  }

  /** Listen to an event until this is disposed of. */
  listen<T extends EventTarget>(
    target: T,
    type: string,
    handler: (event: never) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, handler as EventListener, options);
    this.add(() => target.removeEventListener(type, handler as EventListener, options));
  }

  /** Undo everything, the latest first, once. */
  dispose(): void {
    if (this.#done) return;
    this.#done = true;
    for (const undo of this.#cleanups.reverse()) undo();
    this.#cleanups = [];
  }
}
