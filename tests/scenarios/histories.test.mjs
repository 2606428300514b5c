// Random histories at the provider, half of whose trade is nobody's pledge, told by webhooks that are lost, doubled
// and in any order: when nothing is owed any more, every account of the books says what the provider's balance says.
//
// They are short, and so many are lived one after another at one provider and one service: later ones refund, dispute
// and pay out what earlier ones left. Then everything is compared. (More of them at one provider take ever longer: each
// leap of its clock renews every subscription that there is.)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History, sumsOf } from './lib/history.mjs';
import { minor } from './lib/ledger.mjs';
import { randomOf, seed, waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const HISTORIES = Number(process.env.HISTORIES ?? 300);
const STEPS = 6;
const TOGETHER = 50;

const tiers = { once: ['gift-25', 'box-100'], month: ['month-10'], year: ['year-50'] };
const isOurs = ({ metadata }) => 'pledge' in metadata;

// How the provider's webhooks go wrong during a history.
const troubles = [
  () => ({}),
  () => ({ drop: true }),
  (random) => ({ drop: Math.floor(random() * 6) }),
  () => ({ duplicate: 1, reorder: true }),
  () => ({ twin_events: true }),
  () => ({ slow_balance_ms: 400 }),
  () => ({ api_count: 2, api_status: 500, api_path: '/v1/balance_transactions' }),
  () => ({ slow_refund: true, refund_fails: 1 }),
];

async function reconcile(world, wish) {
  const asked = await world.askOperator('/v1/reconcile', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish),
  });
  assert.equal(asked.status, 202, asked.text);
  return waitFor(`run ${asked.json.run} to end`, async () => {
    const last = (await world.askOperator('/v1/reconciliation')).json;
    return last.run >= asked.json.run ? last : null;
  }, 120000);
}

async function all(world, path) {
  const found = [];
  for (let more = true; more;) {
    const page = await world.askProvider(`${path}?limit=100${found.length ? `&starting_after=${found.at(-1).id}` : ''}`);
    found.push(...page.data);
    more = page.has_more;
  }
  return found;
}

// What of ours each payout holds, with what an earlier one gave back.
function sharesOf({ transactions }) {
  const shares = new Map();
  for (const line of transactions.filter(({ payout }) => payout !== null)) {
    const { type, source, net } = line.transaction;
    const returned = ['payout_failure', 'payout_cancel'].includes(type) ? shares.get(source) ?? 0 : 0;
    shares.set(line.payout, (shares.get(line.payout) ?? 0) + (isOurs(line) ? net : returned));
  }
  return shares;
}

// What was given, refunded or disputed is of its own currency; the provider's lines are of the one that it keeps.
async function objectsOf(world) {
  const objects = new Map();
  for (const path of ['/v1/charges', '/v1/refunds', '/v1/disputes'])
    for (const { id, amount, currency } of await all(world, path)) objects.set(id, { amount, currency });
  return objects;
}

// What the books must say, by account (its first words) and currency.
async function expected(world, statement) {
  const sums = {};
  const objects = await objectsOf(world);
  const add = (account, currency, amount) => { sums[`${account} ${currency.toUpperCase()}`] = (sums[`${account} ${currency.toUpperCase()}`] ?? 0n) + BigInt(amount); };
  const { ours } = sumsOf(statement, isOurs);
  for (const [currency, amount] of Object.entries(ours.net)) add('assets:provider', currency, amount);
  for (const [currency, amount] of Object.entries(ours.fee)) add('expenses:fees', currency, amount);
  const accounts = { charge: 'income:donations', refund: 'income:refunds', refund_failure: 'income:refunds', dispute: 'taken back', dispute_reversal: 'taken back' };
  for (const { transaction } of statement.transactions.filter((line) => isOurs(line) && line.transaction.reporting_category in accounts)) {
    const { source, amount, currency, reporting_category } = transaction;
    const own = objects.get(source);
    const given = Math.sign(amount) * own.amount;
    add(accounts[reporting_category], own.currency, own.currency === currency ? -amount : -given);
    if (own.currency === currency) continue;
    add('equity:conversion', own.currency, given);
    add('equity:conversion', currency, -amount);
  }
  const shares = sharesOf(statement);
  for (const { id, status, amount, currency } of await all(world, '/v1/payouts')) {
    const share = shares.get(id) ?? 0;
    if (['failed', 'canceled'].includes(status)) continue;
    add('assets:provider', currency, -share);
    add(status === 'paid' ? 'assets:bank' : 'assets:transit', currency, amount);
    add('equity:other-business', currency, share - amount);
  }
  return sums;
}

// The same of `pledger balance`.
function booked(world) {
  const { stdout, status, stderr } = world.run('balance', '--config', world.configFile);
  assert.equal(status, 0, stderr);
  const sums = {};
  for (const line of stdout.trim().split('\n').slice(1)) {
    const [account, currency, amount] = line.split(',');
    const first = account.split(':').slice(0, 2).join(':');
    const name = ['assets:disputed', 'income:chargebacks'].includes(first) ? 'taken back' : first;
    sums[`${name} ${currency}`] = (sums[`${name} ${currency}`] ?? 0n) + minor(amount);
  }
  return sums;
}

const withoutZeros = (sums) => Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n).sort());

async function assertEqual(world) {
  await world.toldAll();
  let last;
  await waitFor('nothing to be owed', async () => {
    last = await reconcile(world, {});
    return last.owed === 0 && last.result !== 'failed';
  }, 60000);
  const whole = await reconcile(world, { since: '2020-01-01' });
  assert.deepEqual(whole.differences, []);
  assert.equal(whole.result, 'equal', JSON.stringify(whole));
  const statementOf = async () => (await fetch(`${world.provider}/sandbox/statement`)).json();
  const statement = await statementOf();
  const books = booked(world);
  // The provider's clock goes on: what renewed or settled while the two were read is in one of them only.
  if ((await statementOf()).transactions.length !== statement.transactions.length) return assertEqual(world);
  assert.deepEqual(withoutZeros(books), withoutZeros(await expected(world, statement)));
  return whole;
}

async function live(world, histories, random, foreign) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const open = async (interval) => (await world.pledge(pick(tiers[interval]))).session;
  const history = new History({ url: world.provider, open, random });
  if (foreign) await history.order('rate', { from: 'eur', to: 'usd', rate: '1.083457' });
  for (let i = 0; i < histories; i++) {
    await history.order('behave', {});
    await history.order('misbehave', pick(troubles)(random));
    await history.live(STEPS);
  }
  await history.rest();
  return assertEqual(world).catch((error) => {
    error.message += `\n${history.log.join('\n')}`;
    throw error;
  });
}

test('after any history every account says what the provider’s balance says', { timeout: 7000000 }, async () => {
  console.log(`seed=${seed}`);
  let lines = 0;
  let ours = 0;
  let mixed = 0;
  let converted = 0;
  const one = async (number) => {
    const world = await newWorld({ clears: true });
    const foreign = number % 3 === 1;
    const last = await live(world, Math.min(HISTORIES - number * TOGETHER, TOGETHER), randomOf(Number(seed) + number), foreign).finally(() => world.end());
    if (foreign) converted += world.entries.filter(({ kind, currency, settlement_currency }) => kind === 'cleared' && currency !== settlement_currency).length;
    lines += last.lines;
    ours += last.lines_ours;
    mixed += last.payouts.filter((payout) => minor(payout.ours ?? '0') !== 0n && minor(payout.others ?? '0') !== 0n).length;
  };
  const numbers = Array.from({ length: Math.ceil(HISTORIES / TOGETHER) }, (_, number) => number);
  const lane = async () => {
    while (numbers.length > 0) await one(numbers.shift());
  };
  await Promise.all([lane(), lane()]);
  assert.ok(HISTORIES < 100 || converted > 0, 'nothing was changed into another currency');
  assert.ok(HISTORIES < 100 || mixed > 0, 'no payout held ours and others\' together');
  console.log(`n=${HISTORIES} histories of ${STEPS} steps, ${lines} lines of the balance, ${ours} of them ours; ${converted} entries of a change of currency`);
});
