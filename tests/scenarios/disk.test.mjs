// What a disk and its limits may do to a running service: it fills up and has room again, a file may not
// grow, closed segments may only be appended to. What was acknowledged stays in the books.
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

  test('holds closed segments to what they are (chattr +a): served, stopped and killed', () => onDisk(async (world) => {
    const ledger = path.join(world.data, 'ledger');
    const told = (await pledges(world, 4)).map(paid);
    assert.equal((await world.deliver(told[0])).status, 200);
    await world.stop();

    // Two segments of one, as if the first had been full.
    const [segment] = fs.readdirSync(ledger).filter((name) => name.endsWith('.jsonl'));
    const lines = fs.readFileSync(path.join(ledger, segment), 'utf8').split(/(?<=\n)/);
    const second = String(3).padStart(segment.length - '.jsonl'.length, '0');
    fs.writeFileSync(path.join(ledger, `${second}.jsonl`), lines.slice(2).join(''));
    fs.truncateSync(path.join(ledger, segment), lines.slice(0, 2).join('').length);
    const closed = path.join(ledger, segment);
    execFileSync('chattr', ['+a', closed]);
    try {
      assert.throws(() => fs.truncateSync(closed, 0), { code: 'EPERM' });
      await world.serve();
      assert.equal((await world.deliver(told[1])).status, 200);
      await world.stop();
      await world.serve();
      assert.equal((await world.deliver(told[2])).status, 200);
      await world.kill();
      fs.appendFileSync(path.join(ledger, `${second}.jsonl`), '{"seq":'); // a line that the kill cut short
      await world.serve();
      assert.equal((await world.deliver(told[3])).status, 200);
      assertBookedOnce(world, told);
      assert.equal(world.run('verify', '--config', world.configFile).status, 0);
      await world.stop();
    } finally {
      execFileSync('chattr', ['-a', closed]);
    }
  }));
});

describe('a limit on the size of files', () => {
  test('halts the service with a word, does not kill it, and loses nothing', () => within({}, async (world) => {
    const ledger = path.join(world.data, 'ledger');
    const told = (await pledges(world, 40)).map(paid);
    const [segment] = fs.readdirSync(ledger).filter((name) => name.endsWith('.jsonl'));
    const limit = fs.statSync(path.join(ledger, segment)).size + 4000;
    execFileSync('prlimit', ['--pid', String(world.service.process.pid), `--fsize=${limit}:`]);

    const [acknowledged, refused] = await deliverUntilRefused(world, told);
    assert.ok(acknowledged.length > 0);
    const { halted, problem } = await ready(world);
    assert.equal(halted, true);
    assert.match(problem, /append to the ledger.*File too large/);
    assert.equal((await world.press('gift-25')).status, 503);
    assert.equal((await world.ask('/readyz')).status, 503);
    assert.equal((await world.ask('/healthz')).status, 200, 'it lives');
    await waitFor('the log to say so', () => /event=ledger-takes-nothing trouble=halted .*File too large/.test(world.service.stderr));

    await world.stop();
    await world.serve();
    assertBookedOnce(world, acknowledged);
    for (const each of [...acknowledged, ...refused]) assert.equal((await world.deliver(each)).status, 200);
    assertBookedOnce(world, told);
  }));
});
