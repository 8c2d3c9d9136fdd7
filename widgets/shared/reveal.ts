/** What scrolls inside a widget, and how a part of it is brought into sight. */

/** Scroll what scrolls around an element so far that it is seen; by hand, since scrollIntoView would move the notebook too. */
export function reveal(element: Element): void {
  const scroller = scrollerOf(element);
  if (!scroller) return;
  const [box, room] = [element.getBoundingClientRect(), scroller.getBoundingClientRect()];
  const below = box.bottom + MARGIN_PX - room.bottom;
  const above = room.top + MARGIN_PX - box.top;
  // of what is taller than its room, the beginning
  if (below > 0) scroller.scrollTop += Math.min(below, -above);
  else if (above > 0) scroller.scrollTop -= above;
}

const MARGIN_PX = 8;

/** Return the nearest part of the widget around an element that scrolls. */
function scrollerOf(element: Element): Element | null {
  for (let part = element.parentElement; part; part = part.parentElement)
    if (part.scrollHeight > part.clientHeight && ["auto", "scroll"].includes(getComputedStyle(part).overflowY))
      return part;
  return null;
}
