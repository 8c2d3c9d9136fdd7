/** How large the scripts may be. */

/**
 * The editor: tables, find and replace and the script are 38 kB of it, regions and notes 30, the report of a generation
 * and playing in place 3; a widget is one module, so nothing of it can come later.
 */
export const EACH = 440_000;
/**
 * The form of a generation is a bundle of its own, 42 kB: it is shown in cells without an editor. The pictures on the
 * map of a comparison are 2 kB.
 */
export const TOGETHER = 742_000;
const SDK = ["embed.js", "embed.global.js"];
const SDK_EACH = 4_000;

/**
 * Return what is over its budget, in words.
 *
 * @param {ReadonlyMap<string, number>} scripts The bytes of all scripts, by their names.
 * @returns {string[]}
 */
export function overBudget(scripts) {
  const faults = [];
  let together = 0;
  for (const [name, bytes] of scripts) {
    const most = SDK.includes(name) ? SDK_EACH : EACH;
    if (bytes > most) faults.push(`${name} has ${bytes} bytes, more than ${most}`);
    together += bytes;
  }
  if (together > TOGETHER) faults.push(`all scripts together have ${together} bytes, more than ${TOGETHER}`);
  return faults;
}
