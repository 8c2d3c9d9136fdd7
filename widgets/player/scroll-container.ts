/** Return what scrolls around an element of the page: the page, or in a narrow cell the page with the panel below it. */
export function scrollContainer(element: Element): Element | null {
  const page = element.closest(".wk-page");
  if (!page) return null;
  return getComputedStyle(page).overflowY === "auto" ? page : page.parentElement;
}

/** Scroll the panel of a narrow cell, which stands below the page, so far that half of what is seen is the panel. */
export function revealPanel(panel: Element): void {
  const body = panel.parentElement;
  if (!body || getComputedStyle(body).overflowY !== "auto") return;
  const top = panel.getBoundingClientRect().top - body.getBoundingClientRect().top;
  const half = body.clientHeight / 2;
  if (top > half) body.scrollTop += top - half;
}
