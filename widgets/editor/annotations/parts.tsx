/** What the rows of regions, notes and tags share. */
import type { JSX } from "preact";
import { MAP_COLOURS } from "../../map/canvas/palette";
import type { MapColor } from "../../shared/protocol";

/** A spot of a colour; the name beside it says what it marks. */
export function Spot({ colour }: { colour: MapColor }): JSX.Element {
  return <span class="wn-spot" style={{ background: `var(--wk-hue-${colour})` }} aria-hidden="true" />;
}

interface ColourFieldProps {
  readonly of: string;
  readonly colour: MapColor;
  readonly disabled: boolean;
  readonly onPick: (colour: MapColor) => void;
}

/** The colours there are, as one group of radio buttons. */
export function ColourField({ of, colour, disabled, onPick }: ColourFieldProps): JSX.Element {
  return (
    <fieldset class="wn-colours" disabled={disabled}>
      <legend class="wk-visually-hidden">Colour of {of}</legend>
      {MAP_COLOURS.map((one) => (
        <label key={one} title={one}>
          <input
            type="radio"
            name={`colour of ${of}`}
            checked={one === colour}
            aria-label={one}
            onClick={(event) => {
              // The kernel decides: the colour it has stays chosen until the change comes back.
              event.preventDefault();
              if (one !== colour) onPick(one);
            }}
          />
          <Spot colour={one} />
        </label>
      ))}
    </fieldset>
  );
}
