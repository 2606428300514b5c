// From the books to the provider: what the books hold there and the provider does not, and the reverse.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { Clocks } from './lib/clocks.mjs';
import { event, paidSession } from './lib/stripe.mjs';
import { newWorld } from './lib/world.mjs';

const clocks = new Clocks();
let world;

after(() => clocks.remove());
beforeEach(async () => {
  world = await newWorld({ clears: true, clocks, configure: (config) => { config.reconcile_minutes = 0; } });
});
afterEach(() => world.end());

const run = (...args) => {
  const { status, stdout, stderr } = world.run(...args, '--config', world.configFile);
  return { status, text: stdout + stderr };
};
const reconcile = (...args) => run('reconcile', ...args);
const adjust = (debit, credit, amount, ref) =>
  run('adjust', '--debit', debit, '--credit', credit, '--amount', amount, '--currency', 'USD', '--reason', 'correction', '--ref', ref);

async function gift() {
  const pledge = await world.pledge('box-100');
  await world.pay(pledge);
  await world.booked(pledge, 'cleared');
  await world.toldAll();
  return pledge;
}

test('what an operator moved at the provider is a difference, until it is moved back', async () => {
  await gift();
  const before = reconcile();
  assert.equal(before.status, 0, before.text);
  const held = /^balance: account=stripe currency=USD provider=(\S+) books=\1$/m.exec(before.text)[1];

  assert.equal(adjust('assets:provider:stripe', 'assets:bank', '99999.00', 'oops/1').status, 0);
  const { seq } = world.lines('adjusted').at(-1);
  for (let i = 0; i < 2; i++) {
    const { status, text } = reconcile();
    assert.equal(status, 1, text);
    assert.match(text, new RegExp(`^balance: account=stripe currency=USD provider=${held} books=${(Number(held) + 99999).toFixed(2)}$`, 'm'));
    assert.match(text, new RegExp(`^difference: reason=by-hand account=stripe object=seq ${seq} transaction= currency=USD provider=0\\.00 books=99999\\.00$`, 'm'));
    assert.match(text, /^books and provider: different$/m);
  }
  assert.equal(reconcile('--dry-run').status, 1);
  assert.match((await world.askOperator('/metrics')).text, /^pledger_reconciled\{result="different"\} 1$/m);

  assert.equal(adjust('assets:bank', 'assets:provider:stripe', '99999.00', 'oops/2').status, 0);
  const { status, text } = reconcile();
  assert.equal(status, 0, text);
  assert.match((await world.askOperator('/metrics')).text, /^pledger_reconciled\{result="equal"\} 1$/m);
});

test('what was moved and moved back is told no more when something else is wrong later', async () => {
  await gift();
  const told = (...expected) => {
    const { status, text } = reconcile();
    assert.equal(status, expected.length > 0 ? 1 : 0, text);
    assert.deepEqual([...text.matchAll(/^difference: reason=(\S+) account=stripe object=seq (\d+) .*books=(\S+)$/mg)].map(([, reason, seq, books]) => [reason, Number(seq), books]), expected);
  };
  const moved = (debit, credit, amount, ref) => {
    assert.equal(adjust(debit, credit, amount, ref).status, 0);
    return world.lines('adjusted').at(-1).seq;
  };
  const [bank, provider] = ['assets:bank', 'assets:provider:stripe'];

  moved(bank, provider, '3.00', 'a/1');
  moved(provider, bank, '3.00', 'a/2');
  told();
  const first = moved(bank, provider, '1.00', 'b/1');
  told(['by-hand', first, '-1.00']);
  const second = moved(bank, provider, '1.00', 'b/2');
  told(['by-hand', first, '-1.00'], ['by-hand', second, '-1.00']);
  moved(provider, bank, '1.00', 'b/3');
  told(['by-hand', second, '-1.00']);

  // Also what is at the provider, and was entered and taken out again.
  await world.order('fee', { currency: 'usd', amount: 200 });
  const { data: [{ id: fee }] } = await world.askProvider('/v1/balance_transactions?limit=1');
  moved('expenses:fees:stripe:box', provider, '2.00', fee);
  told(['by-hand', second, '-1.00']);
  moved(provider, 'expenses:fees:stripe:box', '2.00', 'fee/back');
  told(['by-hand', second, '-1.00']);
  moved(provider, bank, '1.00', 'b/4');
  told();
});

test('a settled payment that the provider does not know is a difference, also where no service runs', async () => {
  await gift();
  const pledge = await world.pledge('box-100');
  const session = paidSession(pledge.pledge, pledge.session, 10000, 'usd');
  assert.equal((await world.deliver(event('checkout.session.completed', session))).status, 200);
  const row = new RegExp(`^difference: reason=unknown-to-provider account=stripe object=${session.payment_intent} transaction= currency=USD provider=0\\.00 books=100\\.00$`, 'm');

  const served = reconcile();
  assert.equal(served.status, 1, served.text);
  assert.match(served.text, row);
  await world.stop();
  const alone = reconcile();
  assert.equal(alone.status, 1, alone.text);
  assert.match(alone.text, row);
  await world.serve();
});

// Money for a pledge that the books of before do not know, and whose seal is not theirs: it is parked.
async function strangersGift() {
  const lost = await world.pledge('box-100');
  await world.stop();
  const [segment] = fs.readdirSync(`${world.data}/ledger`).filter((name) => name.endsWith('.jsonl'));
  const lines = fs.readFileSync(`${world.data}/ledger/${segment}`, 'utf8').split('\n').slice(0, -1);
  assert.equal(JSON.parse(lines.at(-1)).pledge, lost.pledge);
  fs.rmSync(world.data, { recursive: true });
  fs.mkdirSync(`${world.data}/ledger`, { recursive: true, mode: 0o700 });
  fs.writeFileSync(`${world.data}/ledger/${segment}`, `${lines.slice(0, -1).join('\n')}\n`, { mode: 0o600 });
  await world.serve();
  await world.pay(lost);
  await world.booked(lost, 'parked');
  await world.booked(lost, 'cleared');
  const parked = reconcile();
  assert.equal(parked.status, 0, `parked money is in both: ${parked.text}`);
  return world.lines('parked').at(-1);
}

const drop = ({ seq }, reason) => run('park', 'drop', String(seq), '--reason', reason, '--ref', 'drop/1');
const heldOf = (text) => /^balance: account=stripe currency=USD provider=(\S+) books=\1$/m.exec(text)[1];

test('money that the provider holds and that was dropped is a difference', async () => {
  await gift();
  const parked = await strangersGift();
  assert.equal(drop(parked, 'correction').status, 0);
  const { status, text } = reconcile();
  const dropped = world.lines('dropped').at(-1);
  assert.equal(status, 1, text);
  const { amount } = dropped.postings.find(({ account }) => account === 'assets:provider:stripe');
  assert.match(text, new RegExp(`^difference: reason=by-hand account=stripe object=seq ${dropped.seq} transaction= currency=USD provider=0\\.00 books=${amount}$`, 'm'));
});

test('money that was dropped as not ours is other business from then on, also in a payout and in a new index', async () => {
  await gift();
  const before = heldOf(reconcile().text);
  const parked = await strangersGift();
  assert.equal(heldOf(reconcile().text), (2 * Number(before)).toFixed(2));
  assert.equal(drop(parked, 'not-ours').status, 0);
  for (const args of [[], ['--since', '2020-01-01']]) {
    const { status, text } = reconcile(...args);
    assert.equal(status, 0, text);
    assert.equal(heldOf(text), before);
  }
  await world.stop();
  fs.rmSync(`${world.data}/index`, { recursive: true });
  await world.serve();
  assert.equal(heldOf(reconcile('--since', '2020-01-01').text), before);

  await world.order('clock', { advance: 3 * 86400 });
  const { id } = await world.order('payout', { currency: 'usd' });
  await world.order('clock', { advance: 3 * 86400 });
  const { status, text } = reconcile('--since', '2020-01-01');
  assert.equal(status, 0, text);
  assert.match(text, new RegExp(`^payout: account=stripe payout=${id} currency=USD amount=${(2 * Number(before)).toFixed(2)} ours=${before} others=${before}$`, 'm'));
  assert.equal(heldOf(text), '0.00');
});

describe('what an operator enters under the id of a line of the provider’s balance', () => {
  const fee = async (amount) => (await world.order('fee', { currency: 'usd', amount })).id;

  test('is equal where the provider has that very line, also after a restart', async () => {
    await gift();
    const before = heldOf(reconcile().text);
    const line = await fee(200);
    assert.equal(heldOf(reconcile().text), before, 'what is nobody’s gift is in neither');
    assert.equal(adjust('expenses:fees:stripe:box', 'assets:provider:stripe', '2.00', line).status, 0);
    for (const args of [[], ['--dry-run'], ['--since', '2020-01-01']]) {
      const { status, text } = reconcile(...args);
      assert.equal(status, 0, text);
      assert.equal(heldOf(text), (Number(before) - 2).toFixed(2));
    }
    const again = adjust('expenses:fees:stripe:box', 'assets:provider:stripe', '2.00', line);
    assert.match(again.text, /^already/);
    assert.equal(adjust('expenses:fees:stripe:box', 'assets:provider:stripe', '3.00', line).status, 1, 'the reference is unique for life');
    await world.stop();
    const alone = reconcile();
    assert.equal(alone.status, 0, alone.text);
    await world.serve();
    assert.equal(reconcile().status, 0);
  });

  test('is a difference that says why where it is another amount, another currency, no line, or one that is booked', async () => {
    await gift();
    const [{ refs: { charge } }] = world.lines('cleared');
    const { data: [own] } = await world.askProvider(`/v1/balance_transactions?source=${charge}`);
    const [more, euros] = [await fee(300), (await world.order('fee', { currency: 'eur', amount: 400 })).id];
    const entered = [[more, '2.00', 'other-amount', '-3.00'], [euros, '4.00', 'other-currency', '0.00'], ['txn_nothing', '5.00', 'no-such-line', '0.00'], [own.id, '98.25', 'booked-twice', '0.00'], ['by/hand', '6.00', 'by-hand', '0.00']];
    for (const [ref, amount] of entered) assert.equal(adjust('expenses:fees:stripe:box', 'assets:provider:stripe', amount, ref).status, 0);
    const { status, text } = reconcile();
    assert.equal(status, 1, text);
    const seqs = Object.fromEntries(world.lines('adjusted').map(({ reference, seq }) => [reference, seq]));
    for (const [ref, amount, reason, provider] of entered)
      assert.ok(text.includes(`difference: reason=${reason} account=stripe object=seq ${seqs[ref]} transaction=${reason === 'by-hand' ? '' : ref} currency=USD provider=${provider} books=-${amount}\n`), `${ref}: ${text}`);
    assert.equal(text.match(/^difference: /mg).length, entered.length, text);
  });

  test('is not known while the provider cannot be asked', async () => {
    await gift();
    assert.equal(adjust('expenses:fees:stripe:box', 'assets:provider:stripe', '2.00', await fee(200)).status, 0);
    await world.order('misbehave', { api_count: true, api_status: 500, api_path: '/v1/balance_transactions/' });
    const { status, text } = reconcile();
    assert.equal(status, 2, text);
    assert.doesNotMatch(text, /^difference/m);
    await world.order('behave');
    assert.equal(reconcile().status, 0);
  });
});

test('what is still owed is no difference: the run says that it is not known yet', async () => {
  await gift();
  await world.order('misbehave', { slow_balance_ms: 86400000 });
  const pledge = await world.pledge('box-100');
  await world.pay(pledge);
  await world.booked(pledge, 'settled');
  const { status, text } = reconcile();
  assert.equal(status, 3, text);
  assert.match(text, /^books and provider: not-yet$/m);
  await world.order('clock', { advance: 2 * 86400 });
  const later = reconcile();
  assert.equal(later.status, 0, later.text);
});

// A gift of which every event is told in words that this version cannot read: its pledge is known, its money is not.
async function unreadableGift() {
  await world.order('misbehave', { unreadable: 4 });
  const pledge = await world.pledge('box-100');
  await world.pay(pledge);
  await world.toldAll();
  await world.order('behave');
  pledge.parked = world.lines('parked');
  assert.ok(pledge.parked.length > 0 && pledge.parked.every(({ reason }) => reason === 'unreadable'));
  clocks.pass(120); // what is younger may be on its way
  return pledge;
}

test('a gift whose events nobody could read is equal once it is entered under the id of its line, until it is booked by itself', async () => {
  await gift();
  const before = heldOf(reconcile().text);
  const lost = await unreadableGift();
  const [line] = /txn_\S+/.exec(reconcile().text);
  for (const { seq } of lost.parked) assert.equal(run('park', 'drop', String(seq), '--reason', 'not-ours', '--ref', `drop/${seq}`).status, 0);
  const dropped = reconcile();
  assert.match(dropped.text, new RegExp(`^difference: reason=not-booked account=stripe object=\\S+ transaction=${line} currency=USD provider=${before} books=0\\.00$`, 'm'));

  assert.equal(adjust('assets:provider:stripe', 'income:donations:box:box-100', before, line).status, 0);
  assert.equal(adjust('expenses:fees:stripe:box', 'income:donations:box:box-100', (100 - before).toFixed(2), `${line}/fee`).status, 0);
  for (const args of [[], ['--dry-run'], ['--since', '2020-01-01']]) {
    const { status, text } = reconcile(...args);
    assert.equal(status, 0, text);
    assert.equal(heldOf(text), (2 * before).toFixed(2));
  }

  const { payment_intent } = await world.askProvider(`/v1/checkout/sessions/${lost.session}`);
  const told = { ...paidSession(lost.pledge, lost.session, 10000, 'usd'), payment_intent };
  assert.equal((await world.deliver(event('checkout.session.completed', told))).status, 200);
  await world.booked(lost, 'cleared');
  const twice = reconcile('--since', '2020-01-01');
  assert.equal(twice.status, 1, twice.text);
  assert.match(twice.text, new RegExp(`^difference: reason=booked-twice account=stripe object=seq \\d+ transaction=${line} currency=USD provider=0\\.00 books=${before}$`, 'm'));
  assert.equal(twice.text.match(/^difference: /mg).length, 1, twice.text);
  assert.equal(adjust('income:donations:box:box-100', 'assets:provider:stripe', before, 'back/1').status, 0);
  assert.equal(reconcile('--since', '2020-01-01').status, 0);
});

test('such a gift that is entered with another amount is told with both', async () => {
  await gift();
  const before = heldOf(reconcile().text);
  await unreadableGift();
  const [line] = /txn_\S+/.exec(reconcile().text);
  assert.equal(adjust('assets:provider:stripe', 'income:donations:box:box-100', '100.00', line).status, 0);
  const { status, text } = reconcile();
  assert.equal(status, 1, text);
  assert.match(text, new RegExp(`^balance: account=stripe currency=USD provider=${(2 * before).toFixed(2)} books=${(100 + Number(before)).toFixed(2)}$`, 'm'));
  assert.match(text, new RegExp(`^difference: reason=other-amount account=stripe object=seq \\d+ transaction=${line} currency=USD provider=${before} books=100\\.00$`, 'm'));
});

describe('a difference that is older than all that is read after a start', () => {
  const row = /^difference: reason=not-booked account=stripe object=\S+ transaction=txn_\S+ currency=USD provider=\S+ books=0\.00$/m;
  const assertDifferent = (...args) => {
    const { status, text } = reconcile(...args);
    assert.equal(status, 1, text);
    assert.match(text, row);
  };

  beforeEach(async () => {
    await gift();
    await unreadableGift();
    assertDifferent();
    await world.order('clock', { advance: 5 * 86400 });
    await gift();
    assertDifferent();
    await world.stop();
  });

  test('is told where an older ledger was put back, or the file is gone', async () => {
    fs.cpSync(world.data, `${world.folder}/kept`, { recursive: true });
    fs.rmSync(world.data, { recursive: true });
    fs.mkdirSync(world.data, { mode: 0o700 });
    for (const name of ['ledger', 'receipt.secret']) fs.cpSync(`${world.folder}/kept/${name}`, `${world.data}/${name}`, { recursive: true });
    await world.serve();
    assertDifferent();
    await world.stop();
    fs.rmSync(`${world.data}/reconciled`);
    await world.serve();
    for (let i = 0; i < 2; i++) assertDifferent();
  });

  test('is told again once a run that read from further back has found it', async () => {
    fs.writeFileSync(`${world.data}/reconciled`, `${'2099-01-01T00:00:00Z '.repeat(2).trim()}\n`, { mode: 0o600 });
    await world.serve();
    assert.equal(reconcile().status, 0, 'it is not read');
    assertDifferent('--since', '2020-01-01');
    assertDifferent();
    await world.kill();
    await world.serve();
    assertDifferent();
  });
});
