/** The size of a note on the map, in its units. */
export const NOTE_W = 208;
export const NOTE_H = 96;
/** Below this zoom a note cannot be read, and is a spot of its colour. */
export const NOTE_ZOOM = 0.3;
