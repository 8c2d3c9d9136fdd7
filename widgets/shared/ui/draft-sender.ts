/** Sends the texts of one field in the order in which they were committed; only what becomes of the newest is told. */

/** Commit a draft; resolves with null on success, else with the reason. */
export type Commit = (value: string) => Promise<string | null> | string | null;

/** Told of a text that was refused, and why. */
export type GiveBack = (text: string, reason: string) => void;

export class DraftSender {
  #target: string | null = null;
  #count = 0;
  #giveBack: GiveBack | null = null;

  /**
   * @param deliver Sends one text. It is called at once, so that what is done next comes after it.
   * @param onChange Told when a text is sent and when the newest was answered: which one, and why it was refused if it was.
   */
  constructor(
    private readonly deliver: Commit,
    private readonly onChange: (isSending: boolean, text: string, rejection: string | null) => void,
  ) {}

  /** What the field will hold once everything is taken; null when nothing is being sent. */
  get target(): string | null {
    return this.#target;
  }

  /** The field goes away: a text that is refused from now on is given back, as nobody sees the reason there. */
  leave(giveBack: GiveBack): void {
    this.#giveBack = giveBack;
  }

  /** Send a text, unless it is the one that is being sent. */
  async send(text: string): Promise<void> {
    if (text === this.#target) return;
    this.#target = text;
    this.#count += 1;
    const number = this.#count;
    this.onChange(true, text, null);
    let rejection: string | null;
    try {
      rejection = await this.deliver(text);
    } catch (error) {
      rejection = `It was not saved: ${error instanceof Error ? error.message : String(error)}.`;
    }
    if (number !== this.#count) return;
    this.#target = null;
    this.onChange(false, text, rejection);
    if (rejection !== null && text.trim() !== "") this.#giveBack?.(text, rejection);
  }
}
