// What a designer would circle: text that is cut off, parts that run over their place, panels over one another.
() => {
  const host = document.querySelector(".worldkit");
  const root = host.shadowRoot;
  const name = (e) => `${e.tagName.toLowerCase()}.${String(e.className.baseVal ?? e.className).split(" ").join(".")}`;
  const said = (e) => `${name(e)} “${e.textContent.trim().slice(0, 40)}”`;
  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.getClientRects().length > 0;
  const found = [];
  const edge = host.getBoundingClientRect();
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push("the page scrolls sideways");
  const spoken = (e) => e.closest(".wk-visually-hidden, .wk-spoken") !== null;
  for (const e of root.querySelectorAll("*")) {
    if (!(e instanceof HTMLElement) || e.closest("[data-picture]") || !seen(e) || spoken(e)) continue;
    const style = getComputedStyle(e);
    const words = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    const clips = (axis) => /hidden|clip/.test(style[axis]);
    const ellipsis = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    if (words && clips("overflowX") && e.scrollWidth > e.clientWidth + 1 && !ellipsis) found.push(`cut off: ${said(e)}`);
    if (words && clips("overflowY") && e.scrollHeight > e.clientHeight + 2 && !ellipsis)
      found.push(`cut off below: ${said(e)}`);
    // below the last line that is to be seen there is room for a part of the next; NaN where nothing is clamped
    const clampHeight = Number(style.webkitLineClamp) * parseFloat(style.lineHeight) + parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
    if (e.clientHeight > clampHeight + 1) found.push(`shows a part of a line: ${said(e)}`);
    if (/^(BUTTON|SUMMARY|LABEL|DT|TH)$/.test(e.tagName) && e.scrollWidth > e.clientWidth + 1 && style.display !== "inline")
      if (!ellipsis && style.position !== "absolute") found.push(`runs over: ${said(e)} by ${e.scrollWidth - e.clientWidth}`);
    if (/auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && !/TEXTAREA|PRE/.test(e.tagName))
      // A map, and a table with more columns than there is room for, are scrolled on purpose.
      if (!e.closest(".wr-map, .we-grid")) found.push(`scrolls sideways: ${name(e)} by ${e.scrollWidth - e.clientWidth}`);
    const box = e.getBoundingClientRect();
    // What is hidden by overflow can still be scrolled, by the focus of something in it: then half the view is gone.
    if (!words && box.width > 200 && box.height > 120 && clips("overflowX")) {
      e.scrollTo(1e4, 1e4);
      if (e.scrollLeft + e.scrollTop > 0) found.push(`can be scrolled away: ${name(e)}`);
      e.scrollTo(0, 0);
    }
    if (words && box.width > 0 && !e.closest(".we-map, .wc-stage, .wr-map") && (box.right > edge.right + 1 || box.left < edge.left - 1))
      found.push(`outside: ${said(e)}`);
  }
  for (const e of root.querySelectorAll("dialog, [aria-modal=true]")) found.push(`asks in a dialog: ${name(e)}`);
  const floats = [...root.querySelectorAll(
    ".we-zoom, .we-legend, .we-minimap, .we-first, .wk-toast, .we-quick, .we-search, .wo-legend, .we-hintline, .we-open, .wc-minimap, .wc-zoom, .we-empty-card",
  )].filter(seen);
  for (const [at, one] of floats.entries())
    for (const other of floats.slice(at + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const [w, h] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
      if (w > 1 && h > 1) found.push(`${name(one)} and ${name(other)} lie over one another`);
    }
  return [...new Set(found)];
}
