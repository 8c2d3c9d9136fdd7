/** Sends the texts of one field in order: one at a time, and next the newest of those committed meanwhile. */

/** Commit a draft; resolves with null on success, else with the reason. */
export type Commit = (value: string) => Promise<string | null> | string | null;

export class DraftSender {
  private sending: string | null = null;
  private next: string | null = null;

  /**
   * @param deliver Sends one text.
   * @param onChange Told when a text is sent and when it was answered: which one, and why it was refused if it was.
   */
  constructor(
    private readonly deliver: Commit,
    private readonly onChange: (isSending: boolean, text: string, rejection: string | null) => void,
  ) {}

  /** What the field will hold once everything is taken; null when nothing is being sent. */
  get target(): string | null {
    return this.next ?? this.sending;
  }

  /** Send a text, after the one that is being sent. */
  async send(text: string): Promise<void> {
    if (text === this.target) return;
    this.next = text;
    if (this.sending !== null) return;
    while (this.next !== null) {
      const input: string = this.next;
      this.next = null;
      this.sending = input;
      this.onChange(true, input, null);
      let rejection: string | null;
      try {
        rejection = await this.deliver(input);
      } catch (error) {
        rejection = `It was not saved: ${error instanceof Error ? error.message : String(error)}.`;
      }
      this.sending = null;
      this.onChange(this.next !== null, input, rejection);
    }
  }
}
