// Waiting for what somebody else does.
import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

// Ask until the answer is truthy. Under load everything takes longer: the limit is generous, the steps are short.
export async function waitFor(what, ask, limit = 20000) {
  const end = Date.now() + limit;
  for (let pause = 10; ; pause = Math.min(pause * 1.5, 200)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain: ${what}`);
    await sleep(pause);
  }
}

// The same numbers for the same seed (mulberry32).
export function randomOf(seed) {
  let state = Number(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const seed = process.env.SEED ?? String(Date.now() % 1000000);
