/** The clip of a cutscene, over the picture until it ends or is skipped. Play does not wait for it. */
import type { JSX } from "preact";
import { Button } from "../../shared/ui/button";
import type { Clips } from "../clips";

export function ClipFrame({ clips }: { clips: Clips }): JSX.Element | null {
  const clip = clips.clip.value;
  if (!clip) return null;
  const name = clip.label || "Clip";
  return (
    <figure class="wk-clip">
      <video
        key={clip.url}
        src={clip.url}
        aria-label={name}
        autoplay
        controls
        playsInline
        onEnded={clips.end}
        onError={clips.end}
      >
        <track kind="captions" />
      </video>
      <figcaption>
        <span>{clip.subtitle}</span>
        <Button label={`Skip: ${name}`} small kind="outline" onPress={clips.end}>
          Skip
        </Button>
      </figcaption>
    </figure>
  );
}
