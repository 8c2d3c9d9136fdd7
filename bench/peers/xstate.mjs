// A world as an XState machine: node xstate.mjs positions|paths, the game on standard input.
import { readFileSync } from 'node:fs';
import { assign, createMachine } from 'xstate';
import { getAdjacencyMap, getShortestPaths } from 'xstate/graph';

const task = process.argv[2];
const game = JSON.parse(readFileSync(0, 'utf8'));
const WORD = 31;
const words = Math.max(1, Math.ceil(game.width / WORD));

function masks(bits) {
  const made = new Array(words).fill(0);
  for (const bit of bits) made[Math.floor(bit / WORD)] |= 1 << bit % WORD;
  return made;
}

function allowed(held, need, bar) {
  for (let i = 0; i < words; i++) if ((held[i] & need[i]) !== need[i] || held[i] & bar[i]) return false;
  return true;
}

const states = {};
const moves = [];
for (let i = 0; i < game.states; i++) {
  states[`s${i}`] = { on: {} };
  moves.push([]);
}
game.moves.forEach(([source, target, needs, gains, bars], number) => {
  const [need, gain, bar] = [masks(needs), masks(gains), masks(bars)];
  const type = `e${number}`;
  moves[source].push({ event: { type }, need, bar });
  states[`s${source}`].on[type] = {
    target: `s${target}`,
    guard: ({ context }) => allowed(context.held, need, bar),
    actions: assign({ held: ({ context }) => context.held.map((word, i) => word | gain[i]) }),
  };
});
const machine = createMachine({ initial: `s${game.start}`, context: { held: masks([]) }, states });
const index = (snapshot) => Number(snapshot.value.slice(1));
const key = (snapshot) => `${snapshot.value} ${snapshot.context.held.join(' ')}`;
const events = (snapshot) => {
  const held = snapshot.context.held;
  return moves[index(snapshot)].filter(({ need, bar }) => allowed(held, need, bar)).map(({ event }) => event);
};
const endings = new Set(game.endings);
const ends = (snapshot) => endings.has(index(snapshot));
const options = { events, serializeState: key, serializeEvent: ({ type }) => type, limit: 50_000_000 };

function positions() {
  const map = getAdjacencyMap(machine, options);
  const keys = Object.keys(map);
  const before = new Map(keys.map((position) => [position, []]));
  for (const position of keys) {
    for (const { state } of Object.values(map[position].transitions)) before.get(key(state)).push(position);
  }
  const winning = new Set(keys.filter((position) => ends(map[position].state)));
  for (const position of winning) for (const earlier of before.get(position)) winning.add(earlier);
  return { positions: keys.length, stuck: keys.length - winning.size };
}

function paths() {
  const found = getShortestPaths(machine, { ...options, toState: ends });
  const lengths = {};
  for (const { state, weight } of found) {
    const at = index(state);
    lengths[at] = Math.min(lengths[at] ?? Infinity, weight);
  }
  return { lengths };
}

const began = performance.now();
const used = process.cpuUsage();
const answer = task === 'paths' ? paths() : positions();
const wall = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(used);
const seconds = Math.min(wall, (user + system) / 1e6); // its helper threads count, unless the wall says less
process.stdout.write(JSON.stringify({ ...answer, seconds }) + '\n');
