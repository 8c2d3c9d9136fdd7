/** What a player tells the widget that it is shown in, as events that bubble from its element. */

/** The first scene is there. */
export const PLAYER_READY = "player-ready";
/** Escape was pressed, and nothing in the player was open that it could have closed. */
export const PLAYER_LEFT = "player-left";

/** Return what takes the focus in a player, if its scene is there: the keys of the choices are heard from then on. */
export function landingOf(el: HTMLElement): HTMLElement | null | undefined {
  return el.querySelector(".worldkit")?.shadowRoot?.querySelector<HTMLElement>("[data-landing]");
}
