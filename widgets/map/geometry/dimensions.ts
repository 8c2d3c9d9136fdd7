/** The sizes that the drawing is made of, in world units. */

export const CARD_W = 280;
export const CARD_H = 168;

/** Free ground that lines keep around cards. */
export const CLEAR = 18;

/** From one card to the next, side by side and one above the other, where cards are set out in rows. */
export const STEP_X = 504;
export const STEP_Y = 240;
