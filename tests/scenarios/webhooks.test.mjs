// What arrives at /webhooks/{account}: from the provider, from somebody else, twice, late, early and garbled.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sendRaw } from './lib/http.mjs';
import { balances } from './lib/ledger.mjs';
import { event, newId, paidSession, signature } from './lib/stripe.mjs';
import { sleep, waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const now = () => Math.floor(Date.now() / 1000);

let world;

before(async () => {
  world = await newWorld({
    secrets: ['whsec_the_old_secret', 'whsec_the_new_secret'],
    configure(config, self) {
      self.write('webhook-other', 'whsec_of_the_other_account\n');
      config.accounts.push({
        id: 'other', provider: 'stripe', key_file: 'stripe-key', api_url: self.provider, webhook_secret_files: ['webhook-other'],
      });
    },
  });
});
after(() => world.end());

async function paidPledge(rest = {}) {
  const pledge = await world.pledge('gift-25');
  return { pledge, paid: event('checkout.session.completed', paidSession(pledge.pledge, pledge.session, 2500, 'eur', rest)) };
}

const assertStatus = (answer, status) => assert.equal(answer.status, status, answer.text);

describe('a delivery that comes more than once', () => {
  test('is booked once when it comes twice, one after the other', async () => {
    const { pledge, paid } = await paidPledge();
    assertStatus(await world.deliver(paid), 200);
    await world.writesNothing(async () => assertStatus(await world.deliver(paid), 200));
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
  });

  test('is booked once when it comes fifty times at the same moment, and each is answered 200', async () => {
    const { pledge, paid } = await paidPledge();
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.deliver(paid)));
    assert.deepEqual(answers.map(({ status }) => status), Array(50).fill(200));
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
  });

  test('is booked once when the provider tells each change by two events, repeats and reorders them', async () => {
    await world.order('misbehave', { duplicate: 3, twin_events: true, reorder: true });
    const once = await world.pledge('gift-25');
    const monthly = await world.pledge('month-10');
    await Promise.all([world.pay(once), world.pay(monthly)]);
    await world.booked(once, 'settled');
    await world.booked(monthly, 'settled');
    await world.toldAll();
    await world.order('behave');
    assert.deepEqual(world.kindsOf(once), ['pledged', 'settled']);
    assert.deepEqual(world.kindsOf(monthly), ['pledged', 'settled']);
  });

  test('is booked in the end when the provider’s first attempts are forged, stale or lost', async () => {
    await world.order('misbehave', { forge: 2, stale: 2 });
    const pledge = await world.pledge('gift-25');
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
    await world.toldAll();
    const { attempts } = await world.askProvider('/sandbox/deliveries?limit=50');
    const refused = attempts.filter(({ forged, stale }) => forged || stale);
    assert.ok(refused.some(({ forged }) => forged) && refused.some(({ stale }) => stale));
    assert.deepEqual(new Set(refused.map(({ status }) => status)), new Set([400]));
    await world.order('misbehave', { drop: 10 });
    const dropped = await world.pledge('gift-25');
    await world.pay(dropped);
    await world.order('behave');
    assert.deepEqual(world.kindsOf(dropped), ['pledged']);
    const { id } = (await world.events('checkout.session.completed')).at(-1);
    await world.order('resend', { event: id });
    await world.booked(dropped, 'settled');
  });
});

describe('a delivery that comes before its time', () => {
  test('is booked at once when it comes before the donor has come back', async () => {
    const pledge = await world.pledge('gift-25');
    await world.order('pay', { session: pledge.session });
    await world.booked(pledge, 'settled');
    assert.equal((await world.receipt(pledge)).state, 'received');
  });

  test('is kept, and booked as soon as the pledge is, when it comes before the create call has returned', async () => {
    const count = async () => (await world.askProvider('/sandbox')).objects.sessions;
    const before = await count();
    await world.order('misbehave', { answer_delay_ms: 2000 });
    const pressed = world.pledge('gift-25');
    await waitFor('the session at the provider', async () => await count() > before);
    await world.order('misbehave', { answer_delay_ms: 0 });
    const [session] = (await world.askProvider('/v1/checkout/sessions?limit=1')).data;
    await world.order('pay', { session: session.id });
    await waitFor('the payment to be parked', () => world.lines('parked').find(({ pledge }) => pledge === session.client_reference_id));
    const pledge = await pressed;
    assert.equal(pledge.pledge, session.client_reference_id);
    await world.booked(pledge, 'unparked');
    assert.deepEqual(world.kindsOf(pledge), ['parked', 'pledged', 'unparked']);
    await waitFor('the receipt', async () => (await world.receipt(pledge)).state === 'received');
    assert.equal(world.of(pledge)[0].reason, 'unknown-pledge');
    const own = balances(world.of(pledge));
    assert.deepEqual(own, {
      'assets:provider:stripe EUR': 2500n, 'liabilities:unidentified:stripe EUR': 0n, 'income:donations:members:gift-25 EUR': -2500n,
    });
    await world.order('behave');
    await world.toldAll();
    assert.deepEqual(world.kindsOf(pledge), ['parked', 'pledged', 'unparked']);
  });
});

describe('a delivery that is not the provider’s', () => {
  const forgeries = {
    'has no signature': { headers: { 'stripe-signature': null } },
    'has two signature fields': { headers: (payload) => ({ 'stripe-signature': [signature(payload, 'whsec_the_old_secret'), signature(payload, 'whsec_the_old_secret')] }) },
    'is signed with another secret': { secret: 'whsec_somebody_elses' },
    'is signed with the secret of another account': { secret: 'whsec_of_the_other_account' },
    'is signed with nothing': { headers: { 'stripe-signature': '' } },
    'is signed 301 s ago': { timestamp: () => now() - 301 },
    'is signed 301 s in the future': { timestamp: () => now() + 303 },
    'was changed by one byte': { sent: (payload) => payload.replace('"amount_total":2500', '"amount_total":2501') },
    'was changed in its spaces only': { sent: (payload) => `${payload} ` },
    'has no body': { sent: () => '' },
    'carries a test-mode signature only': { headers: (payload) => ({ 'stripe-signature': signature(payload, 'whsec_the_old_secret').replace('v1=', 'v0=') }) },
    'says two times': { headers: (payload) => ({ 'stripe-signature': `t=${now()},${signature(payload, 'whsec_the_old_secret')}` }) },
    'has its signature in capitals': { headers: (payload) => ({ 'stripe-signature': signature(payload, 'whsec_the_old_secret').replace(/v1=.*/, (hex) => `v1=${hex.slice(3).toUpperCase()}`) }) },
    'has the old signature with a new time': { headers: (payload) => ({ 'stripe-signature': signature(payload, 'whsec_the_old_secret', now() - 100).replace(/t=\d+/, `t=${now()}`) }) },
  };

  for (const [name, { headers, sent, timestamp, ...rest }] of Object.entries(forgeries))
    test(`${name}: 400, nothing is written, and the real one is booked afterwards`, async () => {
      const { pledge, paid } = await paidPledge();
      const payload = JSON.stringify(paid);
      const forged = {
        ...rest,
        ...(headers && { headers: typeof headers === 'function' ? headers(payload) : headers }),
        ...(sent && { sent: sent(payload) }),
        ...(timestamp && { timestamp: timestamp() }),
      };
      const answer = await world.writesNothing(() => world.deliver(payload, forged));
      assertStatus(answer, 400);
      assert.equal(answer.header('content-type'), 'application/problem+json');
      assert.doesNotMatch(answer.text, /whsec|[0-9a-f]{64}/, 'no secret and no right signature is told');
      assertStatus(await world.deliver(paid), 200);
      assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
    });

  test('to an account that there is not: 404', async () => {
    const { paid } = await paidPledge();
    await world.writesNothing(async () => {
      assertStatus(await world.deliver(paid, { account: 'nobody' }), 404);
      assertStatus(await world.deliver(paid, { account: 'Stripe' }), 404);
    });
  });

  test('is too big: 413', async () => {
    // Announced only: who is still sending when the answer comes may never read it.
    const head = ['POST /webhooks/stripe HTTP/1.1', `Host: ${new URL(world.origin).host}`, 'Content-Type: application/json', 'Content-Length: 524289', '', ''];
    const answer = await world.writesNothing(() => sendRaw(world.origin, head.join('\r\n')));
    assert.match(answer, /^HTTP\/1\.1 413 /);
  });

  test('is accepted 290 s late and 290 s early', async () => {
    const late = await paidPledge();
    assertStatus(await world.deliver(late.paid, { timestamp: now() - 290 }), 200);
    assertStatus(await world.deliver(late.paid, { timestamp: now() + 290 }), 200);
    assert.deepEqual(world.kindsOf(late.pledge), ['pledged', 'settled']);
  });
});

describe('secrets', () => {
  test('both hold while one is being replaced', async () => {
    for (const secret of world.secrets) {
      const { pledge, paid } = await paidPledge();
      assertStatus(await world.deliver(paid, { secret }), 200);
      assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
    }
  });

  test('a delivery signed with both is booked', async () => {
    const { pledge, paid } = await paidPledge();
    const payload = JSON.stringify(paid);
    const second = signature(payload, world.secrets[1]);
    assertStatus(await world.deliver(payload, { headers: { 'stripe-signature': `${signature(payload, 'whsec_gone')},v1=${'0'.repeat(64)}` } }), 400);
    assertStatus(await world.deliver(payload, { headers: { 'stripe-signature': `${second},${signature(payload, 'whsec_gone').replace(/^t=\d+,/, '')}` } }), 200);
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
  });

  test('the provider goes on with the new one when it has rolled over', async () => {
    await world.order('webhook', { secrets: [world.secrets[1]] });
    const pledge = await world.pledge('gift-25');
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
    await world.order('webhook', { secrets: [...world.secrets] });
    await world.pay(await world.pledge('gift-25'));
    await world.toldAll();
  });
});

describe('other business of the account', () => {
  test('is answered 200 and nothing is written', async () => {
    await world.toldAll();
    await world.writesNothing(async () => {
      await world.order('other_business', { payments: 3, sessions: 3, subscriptions: 3, invoices: 3 });
      await world.toldAll();
    });
    const { given_up: givenUp } = (await world.askProvider('/sandbox')).deliveries;
    assert.equal(givenUp, 0);
  });

  test('whatever its events are called is answered 200 and nothing is written', async () => {
    const others = [
      event('account.updated', { id: 'acct_1', object: 'account' }),
      event('something.entirely.new', {}),
      event('something.without.an.object', null),
      event('payment_intent.succeeded', { id: newId('pi'), amount: 2500, currency: 'eur' }),
      event('checkout.session.completed', paidSession('order-4711', newId('cs_test'), 1999, 'eur', { metadata: {} })),
      event('checkout.session.completed', paidSession(null, newId('cs_test'), 1999, 'eur', { metadata: { pledge: 'plg_not_of_our_form' } })),
      event('checkout.session.expired', paidSession('order-4711', newId('cs_test'), 1999, 'eur', { metadata: null })),
      event('invoice.paid', { id: newId('in'), amount_paid: 1999, currency: 'eur', parent: { subscription_details: { subscription: newId('sub'), metadata: { member: '42' } } } }),
      event('invoice.paid', { id: newId('in'), amount_paid: 1999, currency: 'eur', subscription: null }),
      event('checkout.session.completed', { ...paidSession('x', newId('cs_test'), 0, 'eur', { metadata: {} }), mode: 'setup', payment_intent: null, payment_status: 'no_payment_required' }),
    ];
    await world.writesNothing(async () => {
      for (const each of others) assertStatus(await world.deliver(each), 200);
    });
  });

  test('that moves no money for a pledge that we do not know is answered 200 and nothing is written', async () => {
    const stranger = 'plg_01m81j03a1evvsjxb32h62tb71';
    await world.writesNothing(async () => {
      assertStatus(await world.deliver(event('checkout.session.expired', paidSession(stranger, newId('cs_test'), 2500, 'eur'))), 200);
      assertStatus(await world.deliver(event('checkout.session.completed', paidSession(stranger, newId('cs_test'), 2500, 'eur', { payment_status: 'unpaid' }))), 200);
    });
  });
});

describe('what is authentic and cannot be booked', () => {
  // Delivers and expects one parked line with the given reason, once, however often the event comes.
  async function assertParked(delivered, reason, rest = {}) {
    const before = world.lines().length;
    assertStatus(await world.deliver(delivered, rest), 200);
    assertStatus(await world.deliver(delivered, rest), 200);
    const [entry, ...others] = world.lines().slice(before);
    assert.equal(entry.kind, 'parked');
    assert.equal(entry.reason, reason);
    assert.deepEqual(others, []);
    return entry;
  }

  async function assertNotCounted(pledge) {
    const told = await world.receipt(pledge);
    assert.deepEqual([told.state, told.payments], ['waiting', 0]);
    const sums = balances(world.of(pledge));
    assert.ok(!Object.keys(sums).some((key) => key.startsWith('income:')), 'nothing of it is income');
  }

  test('money of another amount is kept as unidentified and never counted', async () => {
    for (const amount of [2501, 2499, 1, 25, 250000]) {
      const { pledge, paid } = await paidPledge({ amount_total: amount });
      const entry = await assertParked(paid, 'other-amount');
      assert.equal(entry.amount, (amount / 100).toFixed(2));
      assert.deepEqual(entry.postings.map(({ account }) => account), ['assets:provider:stripe', 'liabilities:unidentified:stripe']);
      await assertNotCounted(pledge);
    }
  });

  test('money in another currency is kept as unidentified and never counted', async () => {
    const { pledge, paid } = await paidPledge({ currency: 'usd' });
    const entry = await assertParked(paid, 'other-currency');
    assert.deepEqual(entry.postings.map(({ currency }) => currency), ['USD', 'USD']);
    await assertNotCounted(pledge);
  });

  test('an event of the other mode is kept without postings and never counted', async () => {
    const { pledge, paid } = await paidPledge();
    const entry = await assertParked({ ...paid, livemode: true }, 'other-mode');
    assert.equal(entry.postings, undefined);
    await assertNotCounted(pledge);
    assertStatus(await world.deliver(event('checkout.session.completed', paid.data.object)), 200);
    await waitFor('the real one', async () => (await world.receipt(pledge)).state === 'received');
  });

  test('an event at another account than the pledge was opened at is never counted', async () => {
    const { pledge, paid } = await paidPledge();
    const entry = await assertParked(paid, 'other-account', { account: 'other', secret: 'whsec_of_the_other_account' });
    assert.equal(entry.account, 'other');
    await assertNotCounted(pledge);
  });

  test('money for a pledge that we never made is kept as unidentified', async () => {
    const entry = await assertParked(event('checkout.session.completed', paidSession('plg_01m81j03a1evvsjxb32h62tb72', newId('cs_test'), 2500, 'eur')), 'unknown-pledge');
    assert.equal(entry.pledge, 'plg_01m81j03a1evvsjxb32h62tb72');
  });

  test('an amount that nobody can have paid is kept unread, as often as it comes, and counts in no sum', async () => {
    for (let i = 0; i < 3; i++) {
      const entry = await assertParked(event('checkout.session.completed', paidSession('plg_01m81j03a1evvsjxb32h62tb72', newId('cs_test'), 9000000000000000, 'eur')), 'unreadable');
      assert.equal(entry.postings, undefined);
    }
  });

  test('what the provider itself gets wrong is parked, answered 200 and never counted', async () => {
    for (const [knob, reason] of [['wrong_amount', 'other-amount'], ['wrong_currency', 'other-currency']]) {
      await world.order('misbehave', { [knob]: 1 });
      const pledge = await world.pledge('gift-25');
      await world.pay(pledge);
      await world.toldAll();
      assert.deepEqual(world.of(pledge).map(({ kind, reason: why }) => why ?? kind), ['pledged', reason]);
      await assertNotCounted(pledge);
    }
  });

  test('an event that cannot be read is parked with its id, type and digest, and nothing of its body', async () => {
    const { pledge, paid } = await paidPledge({ amount_total: 'plenty', customer_details: { name: 'Hidden Name' } });
    const payload = JSON.stringify(paid);
    const entry = await assertParked(payload, 'unreadable');
    assert.equal(entry.event, paid.id);
    assert.equal(entry.type, 'checkout.session.completed');
    assert.equal(entry.digest, createHash('sha256').update(payload).digest('hex'));
    assert.equal(entry.postings, undefined);
    assert.doesNotMatch(JSON.stringify(entry), /plenty|Hidden/);
    await assertNotCounted(pledge);
  });

  test('an event that lacks what its type promises is parked as unreadable', async () => {
    const { paid } = await paidPledge();
    const without = (name) => {
      const copy = structuredClone(paid);
      copy.id = newId('evt');
      delete copy.data.object[name];
      return copy;
    };
    for (const name of ['id', 'payment_status', 'mode', 'payment_intent', 'amount_total', 'currency'])
      await assertParked(without(name), 'unreadable');
    await assertParked({ ...paid, id: newId('evt'), created: 'yesterday' }, 'unreadable');
    await assertParked({ ...paid, id: newId('evt'), created: -1 }, 'unreadable');
    await assertParked({ ...paid, id: newId('evt'), livemode: 0 }, 'unreadable');
    await assertParked({ ...paid, id: newId('evt'), data: {} }, 'unreadable');
    await assertParked({ id: newId('evt') }, 'unreadable');
    await assertParked({ ...paid, id: newId('evt'), type: 17 }, 'unreadable');
    await assertParked({ ...structuredClone(paid), id: newId('evt'), data: { object: { ...paid.data.object, amount_total: 25.5 } } }, 'unreadable');
    await assertParked({ ...structuredClone(paid), id: newId('evt'), data: { object: { ...paid.data.object, amount_total: -2500 } } }, 'unreadable');
    await assertParked({ ...structuredClone(paid), id: newId('evt'), data: { object: { ...paid.data.object, currency: 'xyz' } } }, 'unreadable');
  });

  test('an event of which not even the id can be read is answered 503, and nothing is written', async () => {
    const { paid } = await paidPledge();
    const bodies = [
      '{', '[]', 'null', '"evt_1"', '{}', '{"id":17}', '{"id":""}', '{"id":"evt 1"}', '{"id":"evt_\\u0000"}', 'not json at all',
      `{"id":"${'e'.repeat(300)}"}`, `${JSON.stringify(paid)}{}`, `${'['.repeat(100)}`, '{"id":"evt_1","id":"evt_2"}', '\ufeff{"id":"evt_1"}',
      '{"id":"evt_\ud800"}',
    ];
    await world.writesNothing(async () => {
      for (const body of bodies) {
        const answer = await world.deliver(body);
        assert.equal(answer.status, 503, body);
        assert.ok(answer.header('retry-after'));
      }
    });
  });

  test('the same event id with other content is an alarm, raised once and never booked', async () => {
    const { pledge, paid } = await paidPledge();
    assertStatus(await world.deliver(paid), 200);
    const changed = structuredClone(paid);
    changed.data.object.amount_total = 250000;
    for (let i = 0; i < 3; i++) assertStatus(await world.deliver(changed), 200);
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled', 'alarm']);
    const alarm = world.of(pledge).at(-1);
    assert.equal(alarm.reason, 'same-id-other-content');
    assert.equal(alarm.postings, undefined);
    const stolen = await world.pledge('box-5000');
    const reused = event('checkout.session.completed', paidSession(stolen.pledge, stolen.session, 500000, 'usd'), { id: paid.id });
    assertStatus(await world.deliver(reused), 200);
    assert.deepEqual(world.kindsOf(stolen), ['pledged', 'alarm']);
    await assertNotCounted(stolen);
    const changedSpelling = JSON.stringify(paid, null, 2);
    await world.writesNothing(async () => assertStatus(await world.deliver(changedSpelling), 200));
  });

  test('readiness warns of what is parked, to the operator with the number', async () => {
    const parked = world.lines('parked').length;
    assert.ok(parked > 0);
    const open = await world.ask('/readyz');
    assertStatus(open, 200);
    assert.deepEqual(open.json, { status: 'warning' });
    const own = await world.askOperator('/readyz');
    assert.equal(own.json.status, 'warning');
    assert.ok(own.json.parked > 0 && own.json.parked <= parked);
    assert.equal(own.json.head, world.lines().length);
  });
});

describe('an event that must be confirmed at the provider', () => {
  async function invoiceEvent() {
    const pledge = await world.pledge('month-10');
    await world.order('pause');
    await world.order('pay', { session: pledge.session });
    const { invoice } = await world.askProvider(`/v1/checkout/sessions/${pledge.session}`);
    const found = (await world.events('invoice.paid')).find(({ data }) => data.object.id === invoice);
    return { pledge, found };
  }

  test('is answered 503 while the provider cannot be asked, and booked when it comes again', async () => {
    const { pledge, found } = await invoiceEvent();
    await world.order('misbehave', { api_count: true, api_status: 500, api_path: '/v1/invoices/' });
    const answer = await world.writesNothing(() => world.deliver(found));
    assertStatus(answer, 503);
    await world.order('behave');
    await world.order('resume');
    await world.booked(pledge, 'settled');
    await world.toldAll();
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
  });

  test('that the provider itself does not know is never booked', async () => {
    const { pledge, found } = await invoiceEvent();
    const invented = structuredClone(found);
    invented.id = newId('evt');
    invented.data.object.id = newId('in');
    await world.writesNothing(async () => assertStatus(await world.deliver(invented), 503));
    await world.order('resume');
    await world.booked(pledge, 'settled');
  });

  test('is booked with what the provider says, not with what the event says', async () => {
    const { pledge, found } = await invoiceEvent();
    const more = structuredClone(found);
    more.id = newId('evt');
    more.data.object.amount_paid = 1;
    assertStatus(await world.deliver(more), 200);
    await world.order('resume');
    await world.toldAll();
    assert.deepEqual(world.of(pledge).map(({ kind, amount }) => [kind, amount]), [['pledged', '10.00'], ['settled', '10.00']]);
  });
});

test('a delivery is answered within a second while others wait for the provider', async () => {
  await world.order('misbehave', { answer_delay_ms: 2500 });
  const pressed = world.pledge('gift-25');
  await sleep(100);
  const { paid } = { paid: event('account.updated', {}) };
  const from = Date.now();
  assertStatus(await world.deliver(paid), 200);
  assert.ok(Date.now() - from < 1000);
  await pressed;
  await world.order('behave');
});
