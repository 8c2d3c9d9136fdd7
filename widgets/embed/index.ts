/** The SDK as an ES module. */
export type { Choice, Ending, Queue, Ready, SessionEnded, StateEntered } from "./messages";
export { createEmbed, type Embed, type EmbedOptions } from "./sdk";
