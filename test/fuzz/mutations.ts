/** A generator of pseudo-random numbers that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % limit;
  };
}

type Mutation = (bytes: Buffer, random: (limit: number) => number) => Buffer;

const SECTIONS = [
  '"snapshot":',
  '"nodes":',
  '"edges":',
  '"locations":',
  '"strings":',
  '"meta":',
  'node_count',
  'type',
];
const PIECES = [
  '-1',
  '4294967296',
  '1e9',
  '99999999999999999999',
  'null',
  '[',
  ']',
  '{',
  '}',
  '"',
  '\\',
  ',',
  '\n',
  ' ',
  '\u0000',
];

/** Ways in which a file is damaged, by accident or on purpose. */
const MUTATIONS: readonly Mutation[] = [
  // Cut off anywhere.
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  // A few bytes changed.
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let i = random(8); i >= 0; i--) changed[random(changed.length)] = random(256);
    return changed;
  },
  // A stretch lost.
  (bytes, random) => {
    const from = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random(5000))]);
  },
  // A stretch written twice.
  (bytes, random) => {
    const from = random(bytes.length);
    const to = Math.min(bytes.length, from + random(5000));
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  // A number replaced.
  (bytes, random) => replaceNumber(bytes, random, String(random(2) ? random(2 ** 31) : random(10))),
  // Something put where a number was.
  (bytes, random) => replaceNumber(bytes, random, PIECES[random(PIECES.length)]!),
  // A section renamed or gone.
  (bytes, random) => {
    const name = SECTIONS[random(SECTIONS.length)]!;
    const at = bytes.indexOf(name);
    if (at === -1) return bytes;
    const other = random(2) ? '' : SECTIONS[random(SECTIONS.length)]!;
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(other), bytes.subarray(at + name.length)]);
  },
  // Something put in between.
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(PIECES[random(PIECES.length)]!),
      bytes.subarray(at),
    ]);
  },
  // Another file altogether.
  (_bytes, random) => Buffer.from(Array.from({ length: random(3000) }, () => random(256))),
];

function replaceNumber(bytes: Buffer, random: (limit: number) => number, text: string): Buffer {
  let from = random(bytes.length);
  const isDigit = (at: number) => bytes[at]! >= 0x30 && bytes[at]! <= 0x39;
  while (from < bytes.length && !isDigit(from)) from++;
  let to = from;
  while (to < bytes.length && isDigit(to)) to++;
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(text), bytes.subarray(to)]);
}

/** A damaged copy: one to three mutations. */
export function mutate(bytes: Buffer, random: (limit: number) => number): Buffer {
  let damaged = bytes;
  for (let i = random(3); i >= 0; i--) damaged = MUTATIONS[random(MUTATIONS.length)]!(damaged, random);
  return damaged;
}
