// The built editor as anywidget opens it: traits in a model, the bundle through a blob URL, messages to the kernel.
const { probe } = globalThis;

const [seed, esm, css] = await Promise.all([
  fetch("seed.json").then((got) => got.json()),
  fetch("editor.js").then((got) => got.text()),
  fetch("editor.css").then((got) => got.text()),
]);
probe.mark("fetched");

const element = document.getElementById("w");
const traits = { seed, _css: css, height: innerHeight, theme: "light", read_only: false, selection: null };
const heard = new Map();
const fire = (name, ...args) => {
  for (const handler of heard.get(name) ?? []) handler(...args);
};
const trips = [];
let changes = 0;
const model = {
  get: (key) => traits[key],
  set: (key, value) => {
    traits[key] = value;
    fire(`change:${key}`);
  },
  save_changes() {},
  send: async (content) => {
    const began = performance.now();
    const said = await fetch("kernel", { method: "POST", body: JSON.stringify(content) }).then((got) => got.json());
    trips.push({ type: content.type, ms: performance.now() - began });
    for (const message of said) {
      if (message.type === "changed") changes += 1;
      fire("msg:custom", message, []);
    }
  },
  on: (name, handler) => heard.set(name, [...(heard.get(name) ?? []), handler]),
  off: (name, handler) =>
    heard.set(
      name,
      (heard.get(name) ?? []).filter((one) => one !== handler),
    ),
};

const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
const { default: widget } = await import(url);
probe.mark("imported");
widget.render({ model, el: element });
probe.mark("rendered");

const shadow = document.querySelector(".worldkit").shadowRoot;
const stage = shadow.querySelector(".we-stage");
const canvas = stage.querySelector("canvas");
const box = () => stage.getBoundingClientRect();
const CARD = { w: 280, h: 168 };

globalThis.bench = {
  // The canvas has the size of the stage once the map is drawn for the first time.
  drawn: () => canvas.width === stage.clientWidth && canvas.height === stage.clientHeight,
  // What requests of a type took, from the page to the kernel and back, in ms.
  answered: (type) => trips.filter((trip) => trip.type === type).map(({ ms }) => ms),
  changes: () => changes,
  focus: () => stage.focus(),
  // Once the picture has not changed for some frames: no view glides, no form is still to open.
  rest: async () => {
    const layer = stage.querySelector(".we-layer");
    for (let still = 0, before = ""; still < 20; ) {
      await probe.painted();
      const now = `${layer.style.transform} ${shadow.activeElement?.className} ${stage.querySelectorAll("*").length}`;
      still = now === before ? still + 1 : 0;
      before = now;
    }
  },
  // A card that is an element and can be taken where it says, other than the entrance.
  near: () => {
    for (const card of shadow.querySelectorAll(".we-card:not(.we-start)")) {
      const { left, top, width, height } = card.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      if (card.contains(shadow.elementFromPoint(x, y))) {
        return { id: card.querySelector(".we-card-title").textContent, x, y };
      }
    }
    return null;
  },
  ground: () => ({ x: box().left + 14, y: box().top + 14 }),
  // Where a state is once everything is in view: what the F key does, said once more.
  far: (id) => {
    if (!seed.layout[id]) return null;
    const places = Object.values(seed.layout);
    const [xs, ys] = [0, 1].map((at) => places.map((place) => place[at]));
    const least = (all) => all.reduce((a, b) => Math.min(a, b));
    const most = (all) => all.reduce((a, b) => Math.max(a, b));
    const [w, h] = [most(xs) - least(xs) + CARD.w, most(ys) - least(ys) + CARD.h];
    const { left, top, width, height } = box();
    const k = Math.min(1, (width - 96) / w, (height - 96) / h);
    const [x, y] = seed.layout[id];
    return {
      x: left + width / 2 + (x + CARD.w / 2 - least(xs) - w / 2) * k,
      y: top + height / 2 + (y + CARD.h / 2 - least(ys) - h / 2) * k,
    };
  },
};
probe.marks.painted = await probe.until(globalThis.bench.drawn);
globalThis.opened = true;
