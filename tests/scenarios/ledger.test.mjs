// The ledger's files against what is written about them: the schema of a line, and the frame and chain
// as a script of twenty lines reads them that knows nothing of the program.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fitsLine, holdLine } from './lib/contract.mjs';
import { event, newId, paidSession } from './lib/stripe.mjs';
import { newWorld } from './lib/world.mjs';

let world;
let lines;

// A line of each kind that is booked today.
before(async () => {
  world = await newWorld();
  const card = await world.pledge('box-100');
  await world.pay(card);
  await world.booked(card, 'settled');
  for (const [outcome, kind] of [['succeeded', 'settled'], ['failed', 'failed']]) {
    const debit = await world.pledge('month-10');
    await world.pay(debit, 'slow_debit');
    await world.booked(debit, 'pending');
    await world.order('settle', { session: debit.session, outcome });
    await world.booked(debit, kind);
  }
  const left = await world.pledge('kyoto-3000', { headers: { 'idempotency-key': 'a-key' } });
  await world.order('expire', { session: left.session });
  await world.booked(left, 'expired');
  const wrong = await world.pledge('gift-25');
  const paid = event('checkout.session.completed', paidSession(wrong.pledge, wrong.session, 2400, 'eur'));
  assert.equal((await world.deliver(paid)).status, 200);
  paid.data.object.amount_total = 2300;
  assert.equal((await world.deliver(paid)).status, 200);
  paid.data.object.amount_total = 'plenty';
  assert.equal((await world.deliver({ ...paid, id: newId('evt') })).status, 200);
  await world.toldAll();
  lines = world.lines();
});
after(() => world.end());

test('every line fits the schema, members in its order', () => {
  assert.deepEqual([...new Set(lines.map(({ kind }) => kind))].sort(), ['alarm', 'expired', 'failed', 'opened', 'parked', 'pending', 'pledged', 'settled']);
  lines.forEach(holdLine);
});

test('a line with a member too few, too many or of another form does not fit', () => {
  let refused = 0;
  const refuse = (entry, what) => {
    assert.ok(!fitsLine(entry), `${what} fits: ${JSON.stringify(entry)}`);
    refused++;
  };
  const optional = { pledged: ['key'], pending: ['event', 'refs'], settled: ['event', 'refs'], failed: ['event', 'refs', 'amount', 'currency'], expired: ['event', 'refs'], alarm: ['at', 'pledge', 'payment', 'refs'], parked: ['at', 'event', 'pledge', 'payment', 'refs', 'type', 'digest', 'postings'] };
  for (const line of lines) {
    for (const name of Object.keys(line)) {
      const { [name]: value, ...rest } = line;
      const pair = ['amount', 'currency'].includes(name);
      if (!(optional[line.kind] ?? []).includes(name) || pair) refuse(rest, `${line.kind} without ${name}`);
      for (const other of [null, '', {}, [], -1, 1.5, [value], ...(['event', 'payment', 'type'].includes(name) ? [] : [`${value}\n`])]) refuse({ ...line, [name]: other }, `${line.kind} with ${name} ${JSON.stringify(other)}`);
    }
    refuse({ ...line, donor: 'somebody' }, `${line.kind} with a donor`);
    refuse({ ...line, kind: 'given' }, 'a kind that is none');
  }
  const settled = lines.find(({ kind }) => kind === 'settled');
  refuse({ ...settled, amount: '+100.00' }, 'a plus sign');
  refuse({ ...settled, amount: '0100.00' }, 'a leading zero');
  refuse({ ...settled, key: '0'.repeat(64) }, 'a key on settled');
  refuse({ ...settled, refs: { customer: 'cus_1' } }, 'a customer');
  refuse({ ...settled, postings: [{ ...settled.postings[0], account: 'assets:provider' }] }, 'an account without its id');
  refuse({ ...settled, postings: [{ ...settled.postings[0], note: 'a friend' }] }, 'a note on a posting');
  assert.ok(refused > 500, `${refused}`);
});

/* ---- the script that shares nothing with the program ---- */

const checkChain = (folder) => spawnSync(process.execPath, [path.join(import.meta.dirname, '../check-chain.mjs'), folder], { encoding: 'utf8' });

test('frame and chain can be checked without the program, which finds the same', () => {
  const alone = checkChain(path.join(world.data, 'ledger'));
  assert.equal(alone.status, 0, alone.stdout + alone.stderr);
  assert.equal(alone.stdout, `${lines.length} lines, chain ${lines.at(-1).chain}\n`);
  const own = world.run('verify', '--data', world.data);
  assert.equal(own.status, 0, own.stderr);
  assert.ok(own.stdout.includes(`${lines.length} entries`) && own.stdout.includes(lines.at(-1).chain), own.stdout);
});

test('any flipped byte is found by both, in the same line', () => {
  const [name] = fs.readdirSync(path.join(world.data, 'ledger')).filter((each) => each.endsWith('.jsonl'));
  const bytes = fs.readFileSync(path.join(world.data, 'ledger', name));
  const copy = path.join(world.folder, 'copy');
  fs.mkdirSync(path.join(copy, 'ledger'), { recursive: true });
  for (let i = 0; i < 16; i++) {
    const at = Math.floor((i + 0.5) * bytes.length / 16);
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 1 << (i % 8);
    fs.writeFileSync(path.join(copy, 'ledger', name), damaged);
    const start = bytes.lastIndexOf(10, at - 1) + 1;
    const alone = checkChain(path.join(copy, 'ledger'));
    assert.equal(alone.status, 1, `byte ${at}: ${alone.stdout}`);
    assert.ok(alone.stdout.startsWith(`broken: ${name} byte ${start},`), `byte ${at}: ${alone.stdout}`);
    const own = world.run('verify', '--data', copy);
    assert.equal(own.status, 1, `byte ${at}: ${own.stdout}`);
    assert.ok(own.stderr.includes(` byte ${start}`), `byte ${at}: ${own.stderr}`);
  }
});
