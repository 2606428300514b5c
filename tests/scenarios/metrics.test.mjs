// What those who watch are told: the numbers for Prometheus, and that an old webhook secret is still in use.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import parse from 'parse-prometheus-text-format';
import { event, paidSession } from './lib/stripe.mjs';
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

async function metrics() {
  const answer = await world.askOperator('/metrics');
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
