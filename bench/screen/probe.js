// What every page under measurement offers: waiting for what is painted, and the frames while the pointer moves.

/** Resolve after the next frame has been painted, with the time then. */
const painted = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    }),
  );

/** Resolve after the first painted frame in which `test` holds, with the time then. */
const until = async (test) => {
  for (;;) {
    const at = await painted();
    if (test()) return at;
  }
};

let key = 0;
let frames = null;
let armed = null;

/** From here on note, for each frame in which the pointer moved, how long it was until the next, and how long it worked. */
function record() {
  frames = { long: [], busy: [], input: 0 };
  const mine = frames;
  let before = null;
  const tick = () => {
    if (frames !== mine) return;
    const now = performance.now();
    if (before !== null) mine.long.push(now - before);
    before = mine.input > 0 ? now : null;
    const from = mine.input;
    mine.input = 0;
    if (from > 0) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => mine.busy.push(performance.now() - from);
      port2.postMessage(null);
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

function recorded() {
  const { long, busy } = frames;
  frames = null;
  return { long, busy };
}

addEventListener(
  "pointermove",
  () => {
    if (frames && frames.input === 0) frames.input = performance.now();
  },
  { capture: true },
);
addEventListener(
  "keydown",
  (event) => {
    key = event.timeStamp;
  },
  { capture: true },
);

/** Before a key is pressed: from when on its outcome counts as painted. */
function arm(test) {
  armed = until(test).then((at) => at - key);
}

const marks = {};
globalThis.probe = {
  painted,
  until,
  record,
  recorded,
  arm,
  took: () => armed,
  marks,
  mark: (name) => {
    marks[name] = performance.now();
  },
};
