// Killed at any moment under full load, or stopped and robbed of its index, and started again: what was
// acknowledged is in the books exactly once, and the index says what the books say. SEED makes the same
// choices again; what the machine's scheduler made of them it does not repeat. Segments are as small as may be, so that
// many end and begin under the load.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { randomOf, seed, sleep } from '../scenarios/lib/wait.mjs';
import { newWorld } from '../scenarios/lib/world.mjs';
import { Storm, segments, smallSegments } from './lib/storm.mjs';

const rounds = Number(process.env.ROUNDS ?? (process.env.LONG ? 60 : 1));
const cyclesOfRound = 20;

/* ---- what may become of the index between two runs ---- */

const inIndex = (world) => path.join(world.data, 'index/data.mdb');
const stamp = (world) => path.join(world.data, 'index.stamp');

const robberies = {
  'the index left alone': () => {},
  'the index deleted': (world) => fs.rmSync(path.dirname(inIndex(world)), { recursive: true }),
  'the index truncated': (world, random) => fs.truncateSync(inIndex(world), Math.floor(random() * 40) * 4096),
  'the index emptied': (world) => fs.truncateSync(inIndex(world), 0),
  'the index overwritten': (world, random) => fs.writeFileSync(inIndex(world), Buffer.alloc(65536, Math.floor(random() * 256))),
  'the stamp gone': (world) => fs.rmSync(stamp(world), { force: true }),
  'the stamp of an earlier stop': (world, random, kept) => kept.stamp && fs.writeFileSync(stamp(world), kept.stamp),
  'index and stamp of an earlier stop': (world, random, kept) => {
    if (!kept.stamp) return;
    fs.writeFileSync(stamp(world), kept.stamp);
    fs.writeFileSync(inIndex(world), kept.index);
  },
};

// The used part of the index: its file is allocated ahead of that.
function keep(world, kept) {
  const fd = fs.openSync(inIndex(world), 'r');
  const bytes = Buffer.alloc(1 << 20);
  fs.readSync(fd, bytes, 0, bytes.length, 0);
  fs.closeSync(fd);
  Object.assign(kept, { stamp: fs.readFileSync(stamp(world)), index: bytes });
}

/* ---- one cycle ---- */

const pick = (random, list) => list[Math.floor(random() * list.length)];

async function killed(world, storm, random) {
  await sleep(random() * 150);
  await world.kill();
  await storm.calm();
  if (random() < 0.25) pick(random, [robberies['the index deleted'], robberies['the index truncated'], robberies['the index overwritten']])(world, random);
  let inStart = 0;
  // Killed again while it recovers, as often as not.
  while (random() < 0.5) {
    await world.serve({ ready: false });
    await sleep(random() * 60);
    await world.kill();
    inStart++;
  }
  return [1, inStart];
}

async function stopped(world, storm, random, kept) {
  const name = pick(random, Object.keys(robberies));
  const inTheMiddle = random() < 0.3;
  await sleep(random() * 150);
  if (!inTheMiddle) {
    await storm.calm();
    storm.checkBooks();
    await storm.checkAnswers(random);
  }
  await world.stop();
  await storm.calm();
  robberies[name](world, random, kept);
  if (name === 'the index left alone') keep(world, kept);
  return [0, 0];
}

async function round(own, sums) {
  const random = randomOf(own);
  const world = await newWorld({ configure: smallSegments });
  const storm = new Storm(world);
  const kept = {};
  try {
    for (let cycle = 0; cycle < cyclesOfRound; cycle++) {
      storm.blow(own + cycle);
      const [underLoad, inStart] = await pick(random, [killed, stopped])(world, storm, random, kept);
      sums.kills += underLoad;
      sums.killsInStart += inStart;
      await world.serve();
      await storm.check(random);
    }
    await storm.tellAll();
    storm.checkBooks();
    sums.segments += segments(world).length;
  } finally {
    storm.blowing = false;
    await world.end();
  }
  sums.rounds++;
  sums.acknowledged += storm.told.filter(({ acknowledged }) => acknowledged).length;
  sums.pledges += storm.pledges.length;
  sums.entries += storm.lines.length;
}

const told = (sums) => `${sums.kills} kills under load and ${sums.killsInStart} while starting, ${sums.rounds * cyclesOfRound} full starts, `
  + `${sums.acknowledged} events and ${sums.pledges} pledges acknowledged, ${sums.entries} entries in ${sums.segments} segments: 0 lost, 0 twice`;

test('nothing that was acknowledged is lost or booked twice, whenever the service dies', async () => {
  const sums = { rounds: 0, kills: 0, killsInStart: 0, acknowledged: 0, pledges: 0, entries: 0, segments: 0 };
  console.log(`seed ${seed}`);
  for (let i = 0; i < rounds; i++) {
    const own = (Number(seed) + i * 7919) >>> 0;
    await round(own, sums).catch((error) => {
      error.message = `SEED=${own} ROUNDS=1: ${error.message}`;
      throw error;
    });
    if (i % 10 === 9) console.log(`reached: ${told(sums)}`);
  }
  console.log(`n = ${told(sums)}`);
  assert.ok(sums.kills > 0 && sums.acknowledged > 0);
  assert.ok(sums.segments > 3 * rounds, 'segments roll');
});
