// What a disk may do to a running service: it fills up and has room again. What was acknowledged stays in
// the books.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { Disk } from '../long/lib/disk.mjs';
import { event, paidSession } from './lib/stripe.mjs';
import { waitFor } from './lib/wait.mjs';
import { World } from './lib/world.mjs';

const missing = Disk.missing();

const paid = (pledge) => event('checkout.session.completed', paidSession(pledge.pledge, pledge.session, 2500, 'eur'));

async function within(options, act) {
  const world = new World(options);
  try {
    await world.start();
    await act(world);
  } finally {
    await world.end();
  }
}

async function onDisk(act) {
  const disk = new Disk();
  try {
    await within({ data: path.join(disk.mount, 'data') }, (world) => act(world, disk));
  } finally {
    disk.remove();
  }
}

async function pledges(world, count) {
  const made = [];
  for (let i = 0; i < count; i++) made.push(await world.pledge('gift-25'));
  return made;
}

// Deliver until one is refused: those that were acknowledged, and those that were not.
async function deliverUntilRefused(world, told) {
  for (let i = 0; i < told.length; i++)
    if ((await world.deliver(told[i])).status !== 200) return [told.slice(0, i), told.slice(i)];
  assert.fail(`all ${told.length} were acknowledged`);
}

function assertBookedOnce(world, told) {
  const booked = world.lines('settled').map((entry) => entry.event);
  for (const { id } of told) assert.equal(booked.filter((each) => each === id).length, 1, id);
}

const ready = async (world) => (await world.askOperator('/readyz')).json;

describe('a disk of its own', { skip: missing ?? false }, () => {
  test('fills up: pledges are refused first, then webhooks, and all goes on when there is room', () => onDisk(async (world, disk) => {
    const told = (await pledges(world, 40)).map(paid);
    const ballast = path.join(disk.mount, 'ballast');
    const free = () => { const { bavail, bsize } = fs.statfsSync(disk.mount); return bavail * bsize; };
    const leave = (bytes) => execFileSync('fallocate', ['--length', String(free() - bytes), ballast]);

    leave(32 << 20);
    const landed = told.splice(0, 2);
    for (const each of landed) assert.equal((await world.deliver(each)).status, 200);
    assert.equal((await world.press('gift-25')).status, 503);
    assert.equal((await ready(world)).low_space, true);
    assert.equal((await world.ask('/readyz')).status, 503);

    // The last blocks too, root's share included.
    const rest = path.join(disk.mount, 'rest');
    for (const block of ['1M', '4k'])
      assert.throws(() => execFileSync('dd', ['if=/dev/zero', `of=${rest}`, `bs=${block}`, 'oflag=append,sync', 'conv=notrunc'], { stdio: 'pipe' }), /No space left/);
    const [acknowledged, refused] = await deliverUntilRefused(world, told);
    assert.equal((await world.deliver(refused[0])).status, 503, 'as often as it is tried');
    assertBookedOnce(world, [...landed, ...acknowledged]);
    assert.equal((await ready(world)).halted, false);

    for (const file of [ballast, rest]) fs.rmSync(file);
    // Nobody tells of a payment: the room is noticed all the same.
    await waitFor('pledges to be taken again', async () => (await world.press('gift-25')).status === 201, 10000);
    assert.equal((await ready(world)).low_space, false);
    for (const each of refused) assert.equal((await world.deliver(each)).status, 200);
    assertBookedOnce(world, [...landed, ...acknowledged, ...refused]);
  }));
});
