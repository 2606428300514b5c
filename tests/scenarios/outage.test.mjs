// A provider that is down while hundreds of things are owed to it: no storm of questions, no storm of warnings, and when
// it is back everything is done.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Clocks } from './lib/clocks.mjs';
import { CountingProxy } from './lib/counting.mjs';
import { sleep, waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const GIFTS = 200;

let proxy, world;

before(async () => {
  proxy = await new CountingProxy().start();
  world = await newWorld({ clears: true, configure: (config, { provider }) => {
    proxy.to = provider;
    config.accounts[0].api_url = proxy.url;
    config.reconcile_minutes = 0;
  } });
});
after(async () => {
  await world.end();
  proxy.stop();
});

const isAboutMoney = (path) => /^\/v1\/(balance|payment_intents|charges|refunds)/.test(path);
const said = (pattern) => world.service.stderr.split('\n').filter((line) => pattern.test(line));
const metric = async (name) => Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\d+)$`, 'm').exec((await world.askOperator('/metrics')).text)?.[1]);
const questions = () => proxy.asked.filter(({ path }) => isAboutMoney(path)).length;

async function give(count, tier = 'gift-25') {
  const pledges = [];
  for (let i = 0; i < count; i++) {
    const pledge = await world.pledge(tier);
    pledges.push(pledge);
    await world.order('pay', { session: pledge.session });
  }
  await world.toldAll();
  return pledges;
}

describe('a provider that fails whatever it is asked', () => {
  test('is asked a few times and then by one question at a time, and the log says it once', async () => {
    proxy.refuse = (path) => (isAboutMoney(path) ? { status: 500 } : null);
    await give(GIFTS);
    assert.equal(await metric('pledger_owed'), GIFTS);
    await waitFor('the account to rest', async () => await metric('pledger_account_rests{account="stripe"}') === 1, 10000);
    const { status, resting } = (await world.askOperator('/readyz')).json;
    assert.deepEqual([status, resting], ['warning', ['stripe']]);
    await sleep(3000);
    // The first few were under way together and repeat themselves; behind them a question every half second, second, two, …
    assert.ok(questions() <= 8 * 4 + 10, `${questions()} questions for ${GIFTS} gifts`);
    assert.equal(said(/event=account-rests .*account=stripe .*owed=\d+ error=provider why="Stripe answered 500/).length, 1);
    assert.equal(said(/level=(warning|error)/).length, 1);
  });

  test('is not asked by anything else that comes to be owed', async () => {
    const before = questions();
    await give(5);
    assert.ok(questions() - before <= 2, `${questions() - before} more questions`);
  });

  test('does all when it is back, and the log says so once', async () => {
    proxy.refuse = null;
    await waitFor('everything to be done', () => world.lines('cleared').length === GIFTS + 5, 60000);
    const back = () => said(/event=account-goes-on account=stripe owed=\d+ rested_seconds=\d+ failures=\d+$/).length;
    await waitFor('the log to say so', () => back() > 0, 10000);
    assert.equal(back(), 1);
    assert.equal(await metric('pledger_owed'), 0);
    assert.equal(await metric('pledger_account_rests{account="stripe"}'), 0);
    assert.deepEqual((await world.askOperator('/readyz')).json.resting, []);
    assert.equal(said(/event=(account-rests|owed-failed)/).length, 1);
  });
});

test('a provider that asks to be left alone is left alone for so long', async () => {
  proxy.refuse = (path) => (isAboutMoney(path) ? { status: 429, headers: { 'retry-after': '3' } } : null);
  const before = questions();
  const [pledge] = await give(1);
  await waitFor('the first question', () => questions() > before);
  const first = proxy.asked.filter(({ path }) => isAboutMoney(path)).at(-1).at;
  await waitFor('the next question', () => questions() > before + 1);
  const next = proxy.asked.filter(({ path }) => isAboutMoney(path)).at(-1).at;
  assert.ok(next - first >= 2990 && next - first < 20000, `${next - first} ms`);
  proxy.refuse = null;
  await world.booked(pledge, 'cleared');
});

test('a reconciliation asks an account that does not answer once, says so, and finds everything when it answers again', async () => {
  const reconcile = async () => {
    const asked = await world.askOperator('/v1/reconcile', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    return waitFor('the run to end', async () => {
      const last = (await world.askOperator('/v1/reconciliation')).json;
      return last.run >= asked.json.run ? last : null;
    }, 60000);
  };
  await world.order('misbehave', { drop: true });
  const pledge = await world.pledge('gift-25');
  await world.order('pay', { session: pledge.session });
  for (const refusal of [{ status: 429, headers: { 'retry-after': '600' } }, { status: 503, headers: { 'retry-after': '600' } }, { status: 403 }]) {
    proxy.refuse = () => refusal;
    const before = proxy.asked.length;
    const { result, why } = await reconcile();
    assert.equal(result, 'failed');
    assert.match(why, new RegExp(`^stripe: Stripe answered ${refusal.status} `));
    assert.deepEqual(proxy.asked.slice(before).map(({ path }) => path.slice(0, 11)), ['/v1/events?']);
  }
  proxy.refuse = null;
  await world.order('behave');
  assert.equal((await reconcile()).result, 'equal');
  assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled', 'cleared']);
});

test('a provider that hangs up rests, and so does one that does not take the key', async () => {
  for (const refusal of ['hang up', { status: 401 }, { status: 403 }]) {
    const before = said(/event=account-rests/).length;
    proxy.refuse = (path) => (isAboutMoney(path) ? refusal : null);
    const [pledge] = await give(1);
    await waitFor('the account to rest', () => said(/event=account-rests/).length === before + 1, 30000);
    proxy.refuse = null;
    await world.booked(pledge, 'cleared');
  }
});

describe('a thing that the provider cannot find', () => {
  let lost;

  test('rests alone: everything else is done', async () => {
    const before = said(/event=account-rests/).length;
    let charge = null;
    proxy.refuse = (path) => {
      if (!path.startsWith('/v1/payment_intents/')) return null;
      charge ??= path;
      return path === charge ? { status: 404 } : null;
    };
    const pledges = await give(20);
    await waitFor('all others to be done', () => pledges.filter((pledge) => world.kindsOf(pledge).includes('cleared')).length === 19);
    lost = pledges.find((pledge) => !world.kindsOf(pledge).includes('cleared'));
    await world.service.says(/event=owed-failed what=clear account=stripe object=\S+ because_of=\d+ attempts=1 error=unknown/);
    assert.equal(said(/event=account-rests/).length, before);
    assert.equal(await metric('pledger_account_rests{account="stripe"}'), 0);
  });

  test('and so does one over which it stumbles each time', async () => {
    const refuse = proxy.refuse;
    const before = said(/event=account-rests/).length;
    proxy.refuse = (path) => (refuse(path) ? { status: 500 } : null);
    await waitFor('the provider to stumble', () => said(/event=account-rests/).length > before, 60000);
    const pledges = await give(10);
    await waitFor('all others to be done', () => pledges.every((pledge) => world.kindsOf(pledge).includes('cleared')), 30000);
    proxy.refuse = null;
    await world.booked(lost, 'cleared');
  });
});

test('a provider that asks to be left alone is not reconciled with before, but within an hour', async () => {
  const clocks = new Clocks();
  const door = await new CountingProxy().start();
  const other = await newWorld({ clocks, configure: (config, { provider }) => {
    door.to = provider;
    config.accounts[0].api_url = door.url;
  } });
  const runs = () => other.service.stderr.split('event=reconciled').length - 1;
  const after_ = async (seconds) => {
    const before = door.asked.length;
    clocks.pass(seconds);
    await other.pledge('gift-25'); // who sleeps does not feel that time passed
    await sleep(300);
    return door.asked.slice(before).filter(({ path }) => path.startsWith('/v1/events')).length;
  };
  try {
    await waitFor('the first run', () => runs() === 1);
    door.refuse = (path) => (path.startsWith('/v1/events') ? { status: 429, headers: { 'retry-after': '600' } } : null);
    assert.equal(await after_(901), 1, 'the run that was due');
    await waitFor('it to have failed', () => /event=reconciled .*result=failed .*why="stripe: Stripe answered 429/.test(other.service.stderr));
    assert.equal(await after_(300), 0);
    assert.equal(await after_(290), 0);
    door.refuse = (path) => (path.startsWith('/v1/events') ? { status: 503, headers: { 'retry-after': '80000' } } : null);
    assert.equal(await after_(20), 1);
    await waitFor('it to have failed', () => runs() === 3);
    assert.equal(await after_(3500), 0);
    door.refuse = null;
    assert.equal(await after_(110), 1);
    await waitFor('the books to be equal', () => /run=4 result=equal/.test(other.service.stderr));
  } finally {
    await other.end();
    door.stop();
    clocks.remove();
  }
});
