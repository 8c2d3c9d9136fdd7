"""The script and the style sheet of a page that can be played. The script knows no rules: it follows numbers."""

from __future__ import annotations

SCRIPT = """
"use strict";
const world = JSON.parse(document.getElementById("world").textContent);
const part = (id) => document.getElementById(id);
const way = [[0, null]];
function address(picture) {
  return picture.startsWith("data:") ? picture : "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture);
}
function put(element, text) {
  element.textContent = text;
  element.hidden = text === "";
}
function line(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  element.dir = "auto";
  return element;
}
function show(isMoved) {
  const [at, choice] = way[way.length - 1];
  const [number, choices, locked = []] = world.positions[at];
  const state = world.states[number];
  put(part("title"), world.title);
  put(part("place"), state.name);
  const told = choice === null ? "" : world.choices[choice][1];
  put(part("told"), told === state.prose ? "" : told);
  put(part("line"), state.line === told ? "" : state.line || "");
  put(part("prose"), state.prose);
  part("picture").src = address(state.picture);
  part("back").disabled = way.length === 1;
  part("again").disabled = choice === null;
  const list = part("choices");
  list.replaceChildren();
  if (state.ending) {
    const [kind, title, subtitle] = state.ending;
    const card = line("div", "");
    card.className = "ending";
    if (kind === "win" || kind === "lose") card.classList.add(kind);
    card.append(line("strong", title), line("p", subtitle));
    list.append(card);
  }
  for (const [choice, to] of choices) {
    const button = line("button", world.choices[choice][0]);
    button.type = "button";
    const key = list.querySelectorAll("button").length + 1;
    if (key < 10) button.setAttribute("aria-keyshortcuts", key);
    button.addEventListener("click", () => {
      way.push([to, choice]);
      show(true);
    });
    list.append(button);
  }
  for (const [label, hint] of locked) {
    const button = line("button", label);
    button.type = "button";
    button.disabled = true;
    button.append(line("small", hint));
    list.append(button);
  }
  const isStuck = choices.length === 0 && !state.ending;
  if (isStuck) list.append(line("p", "Nothing can be done here. Go back, or start again."));
  if (isMoved) {
    part("scene").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}
part("back").addEventListener("click", () => {
  way.pop();
  show(true);
});
part("again").addEventListener("click", () => {
  way.push([0, null]); // so that a step back takes it back
  show(true);
});
addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const choices = part("choices").querySelectorAll("button:enabled");
  const buttons = { u: part("back"), r: part("again") };
  const button = buttons[event.key.toLowerCase()] || (/^[1-9]$/.test(event.key) && choices[event.key - 1]);
  if (button) button.click();
});
show(false);
"""

STYLE = """
:root{--ground:#fafaf8;--card:#fff;--ink:#1d2126;--soft:#565e6a;--line:#d6d9df;--accent:#2f4fc4;--win:#0b6e57;
--lose:#a8371c}
@media (prefers-color-scheme:dark){:root{--ground:#15171b;--card:#1e2126;--ink:#e8eaed;--soft:#a9b1bd;--line:#3a4049;
--accent:#9db2ff;--win:#6fd3b4;--lose:#ff9f7d}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:17px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:720px;margin:0 auto;padding:20px 20px 48px;overflow-wrap:anywhere}
header{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;justify-content:space-between;margin-bottom:14px}
h1{margin:0;font-size:15px;font-weight:600;color:var(--soft)}
h2{margin:18px 0 6px;font-size:26px;line-height:1.25}
h2::first-letter{text-transform:uppercase}
p{margin:0 0 10px}
nav{display:flex;gap:8px}
figure{width:100%;margin:0;aspect-ratio:16/9;max-height:max(38vh,160px);border-radius:10px;overflow:hidden;background:var(--line)}
img{display:block;width:100%;height:100%;object-fit:cover;object-position:50% 75%}
#scene{outline:none}
#told,#line,#prose{white-space:pre-line}
#told{font-weight:600}
#line{font-style:italic}
#choices{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:10px;margin-top:18px}
button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);
border-radius:8px;cursor:pointer}
nav button{padding:3px 12px;font-size:14px}
#choices button{padding:12px 16px;text-align:start}
#choices button:disabled{grid-column:1/-1}
#choices button::first-letter{text-transform:uppercase}
#choices button:hover:enabled,nav button:hover:enabled{border-color:var(--accent)}
button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button:disabled{color:var(--soft);background:none;border-style:dashed;cursor:default}
button small{display:block;font-size:14px}
.ending{padding:16px;border:2px solid currentColor;border-radius:10px;text-align:center}
.ending p{margin:2px 0 0;color:var(--soft)}
.ending p:empty{display:none}
.win{color:var(--win)}
.lose{color:var(--lose)}
footer{margin-top:36px;font-size:13px;color:var(--soft)}
@media print{nav,#choices{display:none}}
""".replace("\n", "")
