/** Narrow a form to the fields that a few letters name. It works on the elements, so that no field need know of it. */

const NAMES = ".wk-label, legend, summary > span:first-of-type, .wk-check > span, .we-item-title, .we-text-button";

/** Show only the fields that fit and open the groups they are in; with nothing asked, put everything back. */
export function narrow(form: HTMLElement, query: string): number {
  const wanted = query.trim().toLowerCase();
  const groups = [...form.querySelectorAll<HTMLDetailsElement>("details.we-group")];
  const fields = [...form.querySelectorAll<HTMLElement>(".we-fields > *, .we-maybe > *")];
  if (wanted === "") {
    for (const element of [...groups, ...fields]) element.hidden = false;
    for (const group of groups) {
      if (group.dataset.was === undefined) continue;
      group.open = group.dataset.was === "open";
      delete group.dataset.was;
    }
    return fields.length;
  }
  let found = 0;
  const titled = groups.filter((group) => includes(group.querySelector("summary > span")?.textContent, wanted));
  for (const field of fields) {
    if (field.matches("details")) continue;
    const fits = titled.some((group) => group.contains(field)) || named(field, wanted);
    field.hidden = !fits;
    if (fits) found += 1;
  }
  for (const group of groups) {
    group.hidden = !titled.includes(group) && group.querySelector(".we-fields > :not([hidden], details)") === null;
    group.dataset.was ??= group.open ? "open" : "shut";
    if (!group.hidden) group.open = true;
  }
  return found;
}

function named(field: HTMLElement, wanted: string): boolean {
  const words = [field, ...field.querySelectorAll<HTMLElement>(`${NAMES}, [name], [data-field]`)].map(
    (one) =>
      `${one.dataset.field ?? ""} ${one.getAttribute("name") ?? ""} ${one.matches(NAMES) ? (one.textContent ?? "") : ""}`,
  );
  return words.some((word) => includes(word, wanted));
}

function includes(text: string | null | undefined, wanted: string): boolean {
  return (text ?? "").toLowerCase().includes(wanted);
}
