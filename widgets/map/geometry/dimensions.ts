/**
 * The table of sizes that the drawing is made of, in pixels at a zoom of 1.
 *
 * Written by scripts/geometry.py from src/worldkit/layout/measures.py. Change that and run the script.
 */

export const CARD_W = 280;
export const CARD_H = 168;
export const GRID = 8;
export const GAP_X = 224;
export const GAP_Y = 72;
export const PITCH_X = 504;
export const PITCH_Y = 240;
/** The distance between two bands besides `GAP_Y`, for the lines from one to the next. */
export const BAND_GAP = 96;
/** The distance from a line to the cards that it passes. */
export const CLEARANCE = 18;
/** An edge that leads further back than this, and down, wraps like a line of text. */
export const MIN_WRAP_DISTANCE = 1310;
/** A line that comes so near to a card is taken to run into it. */
export const COLLISION_DISTANCE = 8;
/** What a change of height costs on the way through columns, as a distance. */
export const TURN_COST = 60;
/** The number of heights in each column that are considered. */
export const MAX_CANDIDATES = 8;
/** The distance between parallel lines that pass the same cards. */
export const LANE_DISTANCE = 12;
/** The number of lanes that are tried. */
export const MAX_LANES = 24;
/** The distance between ports on the left and right of a card, where there is room. */
export const PORT_PITCH = 28;
/** The same for the top and bottom, where names of edges lie side by side. */
export const WIDE_PORT_PITCH = 112;
/** The least distance from a port to a corner of its card, at the left and right. */
export const PORT_MARGIN = 20;
/** The same for the top and bottom. */
export const WIDE_PORT_MARGIN = 32;
/** The length of the straight lines in which an edge leaves and arrives; the arrow's head lies on the last one. */
export const LEAD_LENGTH = 10;
/** The largest width of the curve in which an edge changes its height. */
export const BEND = 112;
/** The least width of that curve, where there is room. */
export const MIN_BEND = 56;
/** Ends that differ in height by less are joined by one curve. */
export const LEVEL_TOLERANCE = 4;
/** How far a bend moves sideways with its port, so that parallel edges keep their distance where they climb. */
export const LEAN = 0.5;
/** How far it moves at most, as a part of half its width; further would make it a corner. */
export const MAX_LEAN = 0.65;
/** The radius of a corner of an edge that wraps. */
export const WRAP_CORNER_RADIUS = 22;
/** How far the corners of an edge that wraps move outward with its port. */
export const WRAP_SPREAD = 0.3;
/** How far an edge between two cards of a column reaches out at the least. */
export const BOW_REACH = 64;
/** How much further it reaches out at most where the cards are far apart. */
export const MAX_BOW_REACH = 160;
/** It reaches out further by its height divided by this. */
export const BOW_HEIGHT_DIVISOR = 12;
/** How far it reaches out further with the distance of its ports from those of the edges inside it. */
export const BOW_SPREAD = 0.25;
/** The length of an edge that leads nowhere. */
export const STUB = 56;
/** The distance from the middle of a card's first loop to the card's right side. */
export const LOOP_RIGHT = 44;
export const LOOP_WIDTH = 44;
export const LOOP_PITCH = 84;
export const LOOPS_IN_ROW = 3;
export const LOOP_HEIGHT = 54;
/** How much higher the loops of the next row are. */
export const LOOP_RISE = 18;
/** How far a loop's sides slant, as a part of its height. */
export const LOOP_SLOPE = 0.28;
