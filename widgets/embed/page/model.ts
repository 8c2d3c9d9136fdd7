/** The model that the player's widget needs, over HTTP instead of a kernel's connection. */
type Handler = (...values: unknown[]) => void;

export interface PageModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, handler: Handler): void;
  off(event: string, handler: Handler): void;
  send(message: object): void;
  /** Hand a message of the server to the player. */
  receive(message: unknown): void;
}

/** Return a model; `send` is called with what the player says, one message after the other. */
export function createModel(traits: Record<string, unknown>, send: (message: object) => Promise<void>): PageModel {
  const handlers = new Map<string, Handler[]>();
  let line: Promise<void> = Promise.resolve();
  const tell = (event: string, ...values: unknown[]) => {
    for (const handler of [...(handlers.get(event) ?? [])]) handler(...values);
  };
  return {
    get: (name) => traits[name],
    set(name, value) {
      traits[name] = value;
      tell(`change:${name}`);
    },
    save_changes() {},
    on: (event, handler) => void handlers.set(event, [...(handlers.get(event) ?? []), handler]),
    off: (event, handler) =>
      void handlers.set(
        event,
        (handlers.get(event) ?? []).filter((other) => other !== handler),
      ),
    // one at a time and in order: each message goes with the run that the answer before it made
    send(message) {
      line = line.then(() => send(message));
    },
    receive: (message) => tell("msg:custom", message),
  };
}
