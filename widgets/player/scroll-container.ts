/** Return what scrolls around an element of the page: the page, or in a narrow cell the page with the panel below it. */
export function scrollContainer(element: Element): Element | null {
  const page = element.closest(".wk-page");
  if (!page) return null;
  return getComputedStyle(page).overflowY === "auto" ? page : page.parentElement;
}
