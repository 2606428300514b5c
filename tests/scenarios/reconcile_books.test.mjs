// From the books to the provider: what the books hold there and the provider does not, and the reverse.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { event, paidSession } from './lib/stripe.mjs';
import { newWorld } from './lib/world.mjs';

let world;

beforeEach(async () => {
  world = await newWorld({ clears: true, configure: (config) => { config.reconcile_minutes = 0; } });
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

test('money that the provider holds and that was dropped is a difference', async () => {
  await gift();
  const lost = await world.pledge('box-100');
  await world.stop();
  // The books of before the pledge, as an older back-up has them; the provider goes on.
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

  const { seq } = world.lines('parked').at(-1);
  assert.equal(run('park', 'drop', String(seq), '--reason', 'correction', '--ref', 'drop/1').status, 0);
  const { status, text } = reconcile();
  const dropped = world.lines('dropped').at(-1);
  assert.equal(status, 1, text);
  const amount = dropped.postings.find(({ account }) => account === 'assets:provider:stripe').amount;
  assert.match(text, new RegExp(`^difference: reason=by-hand account=stripe object=seq ${dropped.seq} transaction= currency=USD provider=0\\.00 books=${amount}$`, 'm'));
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
