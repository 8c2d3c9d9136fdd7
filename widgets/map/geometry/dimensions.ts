/** The sizes that the drawing is made of, in world units. */

export const CARD_W = 280;
export const CARD_H = 168;

/** The distance that edges keep from cards. */
export const CLEAR = 18;

/** The distance from one card to the next, across and down, in a layout in rows. */
export const STEP_X = 504;
export const STEP_Y = 240;
