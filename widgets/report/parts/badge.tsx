/** A round mark on a card's corner. */
import type { JSX } from "preact";
import { iconPath } from "../../shared/ui/icon";

type BadgeIcon = "start" | "win" | "lose" | "other" | "lock" | "minus";

export function Badge({ icon, tone, at }: { icon: BadgeIcon; tone: string; at: number }): JSX.Element {
  return (
    <g class={`wkm-badge wkm-on-${tone}`} transform={`translate(${at} 0)`}>
      <circle r="34" />
      <path transform="scale(2.7) translate(-8 -8)" d={iconPath(icon)} />
    </g>
  );
}
