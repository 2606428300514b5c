// Random histories at the stand-in provider: whatever happens, what its API says adds up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History, sumsOf } from './lib/history.mjs';
import { randomOf, seed } from './lib/wait.mjs';
import { Sandbox, monthly, once, tellingSandbox } from './tools/sandbox.mjs';

const LIMIT = { timeout: 300000 };
const HISTORIES = Number(process.env.HISTORIES ?? 12);
const STEPS = 40;

async function all(list) {
  const found = [];
  for await (const each of list) found.push(each);
  return found;
}

// Sessions straight from the API, each with a pledge of its own.
function opener(stripe) {
  let count = 0;
  return async (interval) => {
    const metadata = { pledge: `plg_${++count}` };
    if (interval === 'once') return (await stripe.checkout.sessions.create(once({ payment_intent_data: { metadata } }))).id;
    const { line_items } = monthly();
    line_items[0].price_data.recurring.interval = interval;
    return (await stripe.checkout.sessions.create(monthly({ line_items, subscription_data: { metadata } }))).id;
  };
}

const isOurs = ({ metadata }) => 'pledge' in metadata;

// What holds at any moment.
async function assertWhole(stripe, history) {
  const statement = await history.statement();
  const { all: summed, stated, payouts } = sumsOf(statement, isOurs);
  assert.deepEqual(stated, summed);
  const balance = {};
  const { available, pending } = await stripe.balance.retrieve();
  for (const { currency, amount } of [...available, ...pending]) balance[currency] = (balance[currency] ?? 0) + amount;
  assert.deepEqual(balance, summed);
  const listed = await all(stripe.balanceTransactions.list({ limit: 100 }));
  assert.deepEqual(statement.transactions.map(({ transaction }) => transaction), JSON.parse(JSON.stringify(listed.reverse())));
  for (const payout of payouts) assert.equal(payout.amount, payout.ours + payout.others, JSON.stringify(payout));
  return payouts;
}

test('after any history the balance, its transactions and its payouts agree', LIMIT, async (t) => {
  console.log(`seed=${seed}`);
  const random = randomOf(seed);
  let mixed = 0;
  for (let i = 0; i < HISTORIES; i++) {
    const { sandbox, stripe, told, stop } = await tellingSandbox();
    t.after(stop);
    const history = new History({ url: sandbox.url, open: opener(stripe), random });
    try {
      await history.live(STEPS);
      await assertWhole(stripe, history);
      await history.rest();
      const payouts = await assertWhole(stripe, history);
      mixed += payouts.filter(({ ours, others }) => ours !== 0 && others !== 0).length;
      await told();
      const { deliveries } = await sandbox.order('');
      assert.equal(deliveries.given_up, 0);
    } catch (error) {
      error.message += `\n${history.log.join('\n')}`;
      throw error;
    }
    await stop();
  }
  assert.ok(HISTORIES < 100 || mixed > 0, 'no payout held ours and others\' together');
  console.log(`n=${HISTORIES} histories of ${STEPS} steps`);
});

test('the same seed is the same history', LIMIT, async (t) => {
  const lives = [];
  for (let i = 0; i < 2; i++) {
    const sandbox = await Sandbox.start({ seed: 7 });
    t.after(() => sandbox.stop());
    const history = new History({ url: sandbox.url, open: opener(sandbox.stripe()), random: randomOf(7) });
    await history.live(STEPS);
    lives.push(history.log);
  }
  assert.deepEqual(lives[0], lives[1]);
});
