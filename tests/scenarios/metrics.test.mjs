// What those who watch are told: the numbers for Prometheus, that an old webhook secret is still in use, and that a
// provider tells nothing any more.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import parse from 'parse-prometheus-text-format';
import { Clocks } from './lib/clocks.mjs';
import { event, paidSession } from './lib/stripe.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;
const secrets = ['whsec_the_new_secret', 'whsec_the_old_secret'];

before(async () => { world = await newWorld({ secrets }); });
after(() => world.end());

// The grammar of format 0.0.4, stricter than it: each family once, HELP before TYPE before its samples, nothing else.
function readStrictly(text) {
  assert.ok(text.endsWith('\n'));
  const values = new Map();
  const seen = new Set();
  let family = null;
  for (const line of text.slice(0, -1).split('\n')) {
    const head = /^# (HELP|TYPE) (pledger_[a-z_]+) (.+)$/.exec(line);
    if (head?.[1] === 'HELP') {
      assert.ok(!seen.has(head[2]), `${head[2]} comes twice`);
      seen.add(head[2]);
      family = { name: head[2], type: null };
    } else if (head) {
      assert.equal(head[2], family.name);
      assert.equal(family.type, null);
      assert.match(head[3], /^(counter|gauge)$/);
      assert.equal(head[3] === 'counter', family.name.endsWith('_total'), family.name);
      family.type = head[3];
    } else {
      const sample = /^(pledger_[a-z_]+)(\{[a-z_]+="[^"\\]*"(?:,[a-z_]+="[^"\\]*")*\})? (0|[1-9][0-9]*)$/.exec(line);
      assert.ok(sample, line);
      assert.equal(sample[1], family.name, line);
      assert.ok(family.type, line);
      const key = sample[1] + (sample[2] ?? '');
      assert.ok(!values.has(key), `${key} comes twice`);
      values.set(key, Number(sample[3]));
    }
  }
  return values;
}

async function metrics(of = world) {
  const answer = await of.askOperator('/metrics');
  assert.equal(answer.status, 200, answer.text);
  const values = readStrictly(answer.text);
  // Somebody else's parser reads the same.
  const parsed = new Map(parse(answer.text).flatMap(({ name, metrics: samples }) => samples.map(({ value, labels }) => [
    name + (labels ? `{${Object.entries(labels).map(([label, text]) => `${label}="${text}"`).join(',')}}` : ''), Number(value)])));
  assert.deepEqual(parsed, values);
  return (name) => values.get(name);
}

const give = (secret, pledge) => world.deliver(event('checkout.session.completed', paidSession(pledge.pledge, pledge.session, 10000, 'usd')), { secret });

describe('the numbers', () => {
  test('are there before anything has happened', async () => {
    const value = await metrics();
    assert.equal(value('pledger_ledger_head'), 1);
    for (const name of ['pledger_parked', 'pledger_owed', 'pledger_ledger_halted', 'pledger_low_space', 'pledger_clock_waits', 'pledger_log_lines_lost_total',
      'pledger_sessions_total{result="opened"}', 'pledger_sessions_since_delivery{account="stripe"}', 'pledger_account_quiet{account="stripe"}', 'pledger_account_rests{account="stripe"}', 'pledger_old_secret_in_use{account="stripe"}'])
      assert.equal(value(name), 0, name);
    assert.equal(value('pledger_last_delivery_age_seconds{account="stripe"}'), undefined, 'nothing was heard yet');
    assert.equal((await world.askOperator('/metrics', { headers: { authorization: '' } })).status, 401);
    assert.equal((await world.askOperator('/metrics', { method: 'HEAD' })).status, 200);
    assert.equal((await world.ask('/metrics')).status, 404, 'they are the operator’s');
  });

  test('count what happens', async () => {
    const first = await world.pledge('box-100');
    const second = await world.pledge('box-100');
    assert.equal((await metrics())('pledger_sessions_since_delivery{account="stripe"}'), 2);
    assert.equal((await give(secrets[0], first)).status, 200);
    assert.equal((await give(secrets[0], first)).status, 200, 'a second payment, which is parked');
    assert.equal((await world.deliver(event('customer.created', { id: 'cus_1', object: 'customer', livemode: false }))).status, 200);
    assert.equal((await give('whsec_of_somebody_else', second)).status, 400);
    const value = await metrics();
    const expected = {
      'pledger_deliveries_total{result="authentic"}': 3, 'pledger_deliveries_total{result="forged"}': 1, 'pledger_events_total{result="booked"}': 2,
      'pledger_events_total{result="not_ours"}': 1, 'pledger_sessions_total{result="opened"}': 2, 'pledger_parked': 1, 'pledger_ledger_head': 5,
      'pledger_sessions_since_delivery{account="stripe"}': 0, 'pledger_deliveries_by_secret_total{account="stripe",secret="1"}': 3,
      'pledger_deliveries_by_secret_total{account="stripe",secret="2"}': 0, 'pledger_old_secret_in_use{account="stripe"}': 0,
    };
    for (const [name, number] of Object.entries(expected)) assert.equal(value(name), number, name);
    assert.ok(value('pledger_last_delivery_age_seconds{account="stripe"}') < 60);
    // Of each payment the provider is to be asked what it kept, unless that was done meanwhile.
    assert.ok(value('pledger_owed') <= 2);
  });
});

describe('an old webhook secret', () => {
  test('that still signs is told to those who watch and to the log, and no part of it is', async () => {
    assert.deepEqual((await world.askOperator('/readyz')).json.old_secret, []);
    assert.equal((await give(secrets[1], await world.pledge('box-100'))).status, 200);
    const own = (await world.askOperator('/readyz')).json;
    assert.deepEqual([own.status, own.old_secret, own.quiet], ['warning', ['stripe'], []]);
    const value = await metrics();
    assert.equal(value('pledger_old_secret_in_use{account="stripe"}'), 1);
    assert.equal(value('pledger_deliveries_by_secret_total{account="stripe",secret="2"}'), 1);
    await world.service.says(/level=warning event=old-secret-in-use account=stripe/);
    assert.equal((await give(secrets[1], await world.pledge('box-100'))).status, 200);
    await world.booked(await world.pledge('box-100'), 'pledged');
    assert.equal(world.service.stderr.split('event=old-secret-in-use').length, 2, 'once an hour');
  });
});

// Whoever of the service sleeps does not feel that time passed: a pledge wakes it.
describe('a provider whose webhooks do not arrive', () => {
  const hour = 3600;
  const clocks = new Clocks();
  let there;

  // One event arrives after all: somebody has it sent once more.
  async function hear() {
    const value = await metrics(there);
    const delivered = value('pledger_deliveries_total{result="authentic"}');
    await there.order('resend', { event: (await there.events()).at(-1).id });
    await waitFor('the event to arrive', async () => (await metrics(there))('pledger_deliveries_total{result="authentic"}') > delivered);
  }
  const told = (text = there.service.stderr) => [...text.matchAll(/level=warning event=no-events account=stripe sessions=(\d+) seconds=(\d+)( last_event_seconds=\d+)?\n/g)];

  // Readiness and metrics say the same; gifts are taken all the while.
  async function assertQuiet(expected, sessions) {
    const ready = await there.askOperator('/readyz');
    assert.deepEqual([ready.status, ready.json.status, ready.json.quiet], [200, expected ? 'warning' : 'ready', expected ? ['stripe'] : []]);
    assert.deepEqual((await there.ask('/readyz')).json, { status: expected ? 'warning' : 'ready' }, 'nobody else is told which');
    const value = await metrics(there);
    assert.equal(value('pledger_account_quiet{account="stripe"}'), Number(expected));
    assert.equal(value('pledger_sessions_since_delivery{account="stripe"}'), sessions);
  }

  before(async () => {
    there = await newWorld({ secrets, clocks, misbehave: { drop: true }, configure: (config) => { config.accounts[0].quiet_hours = 24; } });
  });
  after(async () => {
    await there.end();
    clocks.remove();
  });

  test('is told of when sessions have waited for quiet_hours, and no more when an event comes', async () => {
    const pledge = await there.pledge('box-100');
    await there.pay(pledge);
    await there.pledge('box-100');
    clocks.pass(23.9 * hour);
    await assertQuiet(false, 2);
    assert.equal(told().length, 0);
    clocks.pass(0.2 * hour);
    await there.pledge('box-100');
    await assertQuiet(true, 3);
    await waitFor('the log to say so', () => told().length === 1);
    const [[, sessions, seconds, heard]] = told();
    assert.ok(Number(sessions) === 2 || Number(sessions) === 3, 'the log may have been the first');
    assert.ok(Number(seconds) >= 24 * hour && Number(seconds) < 24.2 * hour, seconds);
    assert.equal(heard, undefined, 'none has come since the start');
    await hear();
    await assertQuiet(false, 0);
    clocks.pass(30 * hour);
    await assertQuiet(false, 0);
    await there.pledge('box-100');
    await assertQuiet(false, 1);
    assert.equal(told().length, 1, 'without sessions silence is nothing');
  });

  test('is told to the log again each hour while it lasts', async () => {
    clocks.pass(25 * hour);
    await there.pledge('box-100');
    await waitFor('the log to say so', () => told().length === 2);
    assert.match(told()[1][3], / last_event_seconds=1980\d\d/);
    clocks.pass(0.5 * hour);
    await there.pledge('box-100');
    await assertQuiet(true, 3);
    assert.equal(told().length, 2);
    clocks.pass(0.6 * hour);
    await there.pledge('box-100');
    await waitFor('the log to say so again', () => told().length === 3);
    await hear();
    await assertQuiet(false, 0);
  });

  test('is told of though the service is started anew each night, and what happens between two starts does not count', async () => {
    await there.pledge('box-100');
    for (let night = 0; night < 3; night++) {
      clocks.pass(7 * hour);
      await assertQuiet(false, 1);
      await there.stop();
      clocks.pass(2 * hour);
      await there.serve();
      await assertQuiet(false, 1);
    }
    clocks.pass(3.1 * hour);
    await there.pledge('box-100');
    await assertQuiet(true, 2);
    await waitFor('the log to say so', () => told().length === 1);
    // A crash forgets what came since that was last written, never what was waited for before.
    await waitFor('it to be written', () => /^stripe [12] 8[67]\d{3}\n$/.test(fs.readFileSync(`${there.data}/unheard`, 'utf8')));
    await there.kill();
    await there.serve();
    assert.equal((await there.askOperator('/readyz')).json.status, 'warning');
    await there.stop();
    await there.serve();
    await hear();
    await assertQuiet(false, 0);
    await there.stop();
    await there.serve();
    await assertQuiet(false, 0);
  });

  test('is told of though it is asked for its events all the while, so that none of its gifts is missing', async () => {
    await there.service.says(/event=reconciled/);
    const pledge = await there.pledge('box-100');
    await there.pay(pledge);
    clocks.pass(hour);
    await there.pledge('box-100');
    await there.booked(pledge, 'settled');
    await assertQuiet(false, 2);
    await hear();
  });

  test('that signs with an old secret is told of for a day behind the last time', async () => {
    await there.order('webhook', { secrets: [secrets[1]] });
    await hear();
    clocks.pass(23 * hour);
    await there.pledge('box-100');
    assert.deepEqual((await there.askOperator('/readyz')).json.old_secret, ['stripe']);
    await there.service.says(/level=warning event=old-secret-in-use account=stripe/);
    await there.order('webhook', { secrets: [secrets[0]] });
    await hear();
    clocks.pass(1.1 * hour);
    assert.deepEqual((await there.askOperator('/readyz')).json.old_secret, []);
    assert.equal((await metrics(there))('pledger_old_secret_in_use{account="stripe"}'), 0);
  });
});
