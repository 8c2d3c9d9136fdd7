/** The buttons that zoom a map. */
import type { JSX } from "preact";
import { Button } from "../shared/ui/button";
import type { Camera } from "./camera";

/** `whole` names what is shown when all of it fits, such as "world". */
export function ZoomButtons({ camera, whole }: { camera: Camera; whole: string }): JSX.Element {
  return (
    <>
      <Button label="Zoom in" icon="plus" small onPress={() => camera.zoomBy(1.25)} tooltip="Zoom in (+)" />
      <Button label="Zoom out" icon="minus" small onPress={() => camera.zoomBy(0.8)} tooltip="Zoom out (-)" />
      <Button label={`Fit the whole ${whole}`} icon="fit" small onPress={camera.fit} tooltip="Fit (F)" />
    </>
  );
}
