/** The comparison's camera: where a change is, and the first view. */
import { type Camera as MapCamera, openCamera as openMapCamera } from "../map/camera";
import { centreRect, clampZoom, fitBesideTools, fitRect, READING_ZOOM } from "../map/viewport";
import type { Disposal } from "../shared/disposal";
import { boundsOfChange } from "./change-navigation";
import { conflictAt } from "./data";
import type { Store } from "./store";

const MAX_FITTED_ZOOM = 1;
const MARGIN_PX = 56;
/** How much of the height lies above the details of a change, which cover the rest where the list is closed. */
const FREE_HEIGHT_SHARE = 0.53;

export interface Camera extends MapCamera {
  /** Show where a change is, with what is around it. */
  show(change: number): void;
  /** The first view: everything. */
  open(): void;
}

export function openCamera(store: Store, disposal: Disposal): Camera {
  const free = () => {
    const { w, h } = store.size.peek();
    const hasDetails = store.current.peek() !== null && !store.panelOpen.peek();
    return { w, h: hasDetails ? h * FREE_HEIGHT_SHARE : h };
  };
  const camera = openMapCamera(store, disposal, free);
  return {
    ...camera,
    show: (at) => {
      const comparison = store.comparison.peek();
      const change = conflictAt(comparison, at) ?? comparison?.changes[at];
      const rect = comparison && change ? boundsOfChange(comparison, change) : null;
      if (!rect) return;
      const size = camera.area();
      const fitted = fitRect(rect, size, MARGIN_PX, MAX_FITTED_ZOOM);
      // near enough to be read where it fits; else all of it, however small
      const k = clampZoom(Math.min(fitted.k, Math.max(camera.target().k, READING_ZOOM + 0.2)));
      camera.glideTo(centreRect(rect, size, k));
    },
    open: () => {
      const all = camera.extent();
      if (all) store.view.value = fitBesideTools(all, camera.area());
    },
  };
}
