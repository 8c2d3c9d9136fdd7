/** Filter a form by the names of its fields. It works on the elements, so that no field has to support it. */

const NAME_SELECTOR =
  ".wk-label, legend, summary > span:first-of-type, .wk-check > span, .we-item-title, .we-text-button";

/** Show only the fields that fit and open the groups they are in; with nothing asked, put everything back. */
export function filterFields(form: HTMLElement, query: string): number {
  const needle = query.trim().toLowerCase();
  const groups = [...form.querySelectorAll<HTMLDetailsElement>("details.we-group")];
  const fields = [...form.querySelectorAll<HTMLElement>(".we-fields > *, .we-maybe > *")];
  if (needle === "") {
    for (const element of [...groups, ...fields]) element.hidden = false;
    for (const group of groups) {
      if (group.dataset.was === undefined) continue;
      group.open = group.dataset.was === "open";
      delete group.dataset.was;
    }
    return fields.length;
  }
  let matches = 0;
  const groupsByTitle = groups.filter((group) => includes(group.querySelector("summary > span")?.textContent, needle));
  for (const field of fields) {
    if (field.matches("details")) continue;
    const fits = groupsByTitle.some((group) => group.contains(field)) || nameMatches(field, needle);
    field.hidden = !fits;
    if (fits) matches += 1;
  }
  for (const group of groups) {
    group.hidden =
      !groupsByTitle.includes(group) && group.querySelector(".we-fields > :not([hidden], details)") === null;
    group.dataset.was ??= group.open ? "open" : "shut";
    if (!group.hidden) group.open = true;
  }
  return matches;
}

/** Return what to type into, or to press, of the first field that is shown. */
export function firstField(form: HTMLElement): HTMLElement | undefined {
  const controls = "input, textarea, select, button";
  return [...form.querySelectorAll<HTMLElement>(`:is(.we-fields, .we-maybe) :is(${controls})`)].find(
    (control) => control.closest("[hidden]") === null,
  );
}

function nameMatches(field: HTMLElement, needle: string): boolean {
  const words = [field, ...field.querySelectorAll<HTMLElement>(`${NAME_SELECTOR}, [name], [data-field]`)].map(
    (one) =>
      `${one.dataset.field ?? ""} ${one.getAttribute("name") ?? ""} ${one.matches(NAME_SELECTOR) ? (one.textContent ?? "") : ""}`,
  );
  return words.some((word) => includes(word, needle));
}

function includes(text: string | null | undefined, needle: string): boolean {
  return (text ?? "").toLowerCase().includes(needle);
}
