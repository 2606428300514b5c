// The power fails while donors pay: the disk keeps what was synced and perhaps some of the rest. What was
// acknowledged is in the books, once. Beside it the proof that this test would notice: without any sync,
// acknowledged gifts are lost.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Killer } from '../scenarios/lib/killer.mjs';
import { preloaded } from '../scenarios/lib/processes.mjs';
import { event, paidSession } from '../scenarios/lib/stripe.mjs';
import { randomOf, seed, sleep, waitFor } from '../scenarios/lib/wait.mjs';
import { World, newWorld } from '../scenarios/lib/world.mjs';
import { Disk } from './lib/disk.mjs';
import { Storm, segments, smallSegments } from './lib/storm.mjs';

const cuts = Number(process.env.CUTS ?? (process.env.LONG ? 100 : 5));
const missing = Disk.missing();
const random = randomOf(seed);

let disk;

// A world whose data stand on a disk that can be cut off, made anew for each test.
async function onDisk(options, act) {
  disk = new Disk();
  const world = new World({ data: path.join(disk.mount, 'data'), ...options });
  try {
    await world.start();
    await act(world);
  } finally {
    await world.end();
    disk.remove();
  }
}

// The power fails; the service, which hears only errors from now on, goes with it. What it still says is
// heard by nobody, and need not be true: a sync that is under way when the kernel shuts the file system
// down may return 0 and have done nothing. The index is mapped memory of that disk: touching it may end
// the service before we do.
async function cutOff(world, storm) {
  storm.deaf = true;
  disk.cut();
  await sleep(random() * 20);
  world.service.interrupt('SIGKILL');
  await world.service.ended;
  await storm.calm();
  storm.deaf = false;
  if (!/AddressSanitizer: BUS/.test(world.service.stderr)) world.service.assertClean();
  disk.again();
}

describe('when the power fails', { skip: missing ?? false }, () => {
  before(() => console.log(`seed ${seed}`));

  test('what was acknowledged is in the books exactly once', () => onDisk({ configure: smallSegments }, async (world) => {
    const storm = new Storm(world);
    let rolled;
    try {
      for (let i = 0; i < cuts; i++) {
        storm.blow(Number(seed) + i);
        await sleep(random() * 250);
        await cutOff(world, storm);
        await world.serve();
        await storm.check(random);
      }
      await storm.tellAll();
      storm.checkBooks();
      rolled = segments(world).length;
    } finally {
      storm.blowing = false;
    }
    const acknowledged = storm.told.filter((record) => record.acknowledged).length;
    console.log(`n = ${cuts} power cuts, ${acknowledged} events and ${storm.pledges.length} pledges acknowledged, ${storm.lines.length} entries in ${rolled} segments: 0 lost, 0 twice`);
    assert.ok(acknowledged > 0);
  }));

  test('and nothing had ever been synced, acknowledged gifts are lost: the test above would notice', async () => {
    await onDisk({ environment: preloaded('libeatmydata.so') }, async (world) => {
      const storm = new Storm(world);
      storm.blow(Number(seed));
      await waitFor('some gifts', () => storm.told.filter(({ acknowledged }) => acknowledged).length > 20);
      await cutOff(world, storm);
      await world.serve();
      assert.throws(() => storm.checkBooks(), /^AssertionError.*: lost: plg_/);
    });
  });

  // Leaves a batch of several pages that was written, never synced, and of which one page reached the disk.
  async function leaveOnePage(world, killer) {
    const pledges = [];
    for (let i = 0; i < 40; i++) pledges.push(await world.pledge('gift-25'));
    const segment = path.join(world.data, 'ledger', fs.readdirSync(path.join(world.data, 'ledger')).find((name) => name.endsWith('.jsonl')));
    const pay = ({ pledge, session }) => world.deliver(event('checkout.session.completed', paidSession(pledge, session, 2500, 'eur')))
      .then(({ status }) => status, () => null);
    // While the first delivery's sync is held the others gather for one batch.
    killer.at('sync', 'hold', '.jsonl');
    const first = pay(pledges[0]);
    await sleep(200);
    const others = pledges.slice(1).map(pay);
    await sleep(1000);
    killer.at('sync', 'before', '.jsonl');
    assert.deepEqual(await Promise.all([first, ...others]), [200, ...others.map(() => null)]);
    await killer.done(world);
    const size = fs.statSync(segment).size;
    const page = Math.floor((size - 1) / 4096) * 4096;
    disk.writeBack(segment, page, 4096);
    disk.cut();
    disk.again();
    return { segment, size };
  }

  test('and one page of a batch that nobody was told of reached the disk: it is cut off and kept', async () => {
    const killer = new Killer();
    await onDisk({ environment: killer.environment }, async (world) => {
      const { segment, size } = await leaveOnePage(world, killer);
      const found = fs.readFileSync(segment);
      assert.equal(found.length, size, 'the disk knows how long the file was to be');
      const hole = found.indexOf(0);
      assert.ok(hole >= 0 && found[found.length - 2] === 0x7d, 'a hole, and the end of a good line behind it');
      await world.serve();
      const lines = world.lines();
      assert.equal(lines.filter(({ kind }) => kind === 'settled').length, 1);
      const [kept] = fs.readdirSync(path.join(world.data, 'cut'));
      assert.equal(Number(kept), lines.length + 1, 'named by the first seq that is in it');
      assert.deepEqual(fs.readFileSync(path.join(world.data, 'cut', kept)), found.subarray(fs.statSync(segment).size));
    });
    killer.remove();
  });

  test('and the same place is damaged in a batch that was acknowledged: it refuses, and says where', async () => {
    const killer = new Killer();
    await onDisk({ environment: killer.environment }, async (world) => {
      const { segment } = await leaveOnePage(world, killer);
      await world.serve();
      const { length } = fs.readFileSync(segment);
      const pledge = await world.pledge('gift-25');
      assert.equal(world.lines().at(-1).pledge, pledge.pledge);
      await world.kill();
      const bytes = fs.readFileSync(segment);
      bytes[length + 20] ^= 1;
      fs.writeFileSync(segment, bytes);
      await world.serve({ ready: false });
      await world.service.ended;
      assert.notEqual(world.service.code, 0);
      assert.match(world.service.stderr, new RegExp(`acknowledged data is damaged: ${path.basename(segment)} line ${world.lines().length} byte ${length}: `));
      bytes[length + 20] ^= 1;
      fs.writeFileSync(segment, bytes);
      await world.serve();
    });
    killer.remove();
  });
});
