// The stand-in provider, judged by the official SDK.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { API_KEY, Receiver, SECRET, Sandbox, monthly, once, rejectsWith, until } from './tools/sandbox.mjs';

const LIMIT = { timeout: 60000 };

describe('the API', LIMIT, () => {
  let sandbox;
  let stripe;
  before(async () => {
    sandbox = await Sandbox.start();
    stripe = sandbox.stripe();
  });
  after(() => sandbox.stop());

  test('creates and retrieves a session', async () => {
    const created = await stripe.checkout.sessions.create(once());
    assert.match(created.id, /^cs_test_a1\w{58}$/);
    assert.equal(created.status, 'open');
    assert.equal(created.payment_status, 'unpaid');
    assert.equal(created.amount_total, 2500);
    assert.equal(created.payment_intent, null);
    assert.equal(created.livemode, false);
    assert.deepEqual(created.metadata, { pledge: 'plg_1' });
    assert.equal(created.expires_at - created.created, 24 * 3600);
    assert.ok(created.url.startsWith(`${sandbox.url}/pay/cs_test_`));
    assert.equal(created.lastResponse.apiVersion, '2026-10-28.endive');
    const read = await stripe.checkout.sessions.retrieve(created.id);
    assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(created)));
  });

  test('expands line items and the way to the fee', async () => {
    const session = await stripe.checkout.sessions.create(once());
    await sandbox.order('/pay', { session: session.id });
    const read = await stripe.checkout.sessions.retrieve(session.id,
      { expand: ['line_items', 'payment_intent.latest_charge.balance_transaction'] });
    assert.equal(read.line_items.data[0].description, 'Gift: Friend');
    assert.equal(read.line_items.data[0].price.unit_amount, 2500);
    const intent = read.payment_intent;
    assert.deepEqual(intent.metadata, { pledge: 'plg_1' });
    assert.equal(intent.latest_charge.amount, 2500);
    assert.equal(intent.latest_charge.balance_transaction.fee, 63);
    assert.equal(intent.latest_charge.balance_transaction.net, 2437);
    assert.equal((await stripe.checkout.sessions.listLineItems(session.id)).data.length, 1);
    await rejectsWith(stripe.checkout.sessions.retrieve(session.id, { expand: ['nonsense'] }),
      'StripeInvalidRequestError', { param: 'expand', statusCode: 400 });
  });

  test('reads intents, charges, balance transactions and the balance', async () => {
    const session = await stripe.checkout.sessions.create(once());
    const paid = await sandbox.order('/pay', { session: session.id });
    const intent = await stripe.paymentIntents.retrieve(paid.payment_intent);
    assert.equal(intent.status, 'succeeded');
    const charge = await stripe.charges.retrieve(intent.latest_charge);
    assert.equal(charge.payment_intent, intent.id);
    const listed = await stripe.balanceTransactions.list({ source: charge.id });
    assert.deepEqual(listed.data.map(({ id }) => id), [charge.balance_transaction]);
    const transaction = await stripe.balanceTransactions.retrieve(charge.balance_transaction, { expand: ['source'] });
    assert.equal(transaction.source.id, charge.id);
    assert.equal(transaction.status, 'pending');
    assert.ok((await stripe.balance.retrieve()).pending.some(({ currency, amount }) => currency === 'eur' && amount >= 2437));
  });

  test('lists sessions by page, in both directions, with filters', async () => {
    const made = [];
    for (let i = 0; i < 25; i++) made.push((await stripe.checkout.sessions.create(once({ client_reference_id: `page-${i}` }))).id);
    const first = await stripe.checkout.sessions.list({ limit: 3 });
    assert.deepEqual(first.data.map(({ id }) => id), made.slice(-3).reverse());
    assert.equal(first.has_more, true);
    const all = [];
    for await (const session of stripe.checkout.sessions.list({ limit: 7, ending_before: made[4] })) all.push(session.id);
    assert.deepEqual(all, made.slice(5));
    const down = [];
    for await (const session of stripe.checkout.sessions.list({ limit: 10, starting_after: made[24] })) down.push(session.id);
    assert.deepEqual(down.slice(0, 24), made.slice(0, 24).reverse());
    const paid = await sandbox.order('/pay', { session: made[3] });
    const byIntent = await stripe.checkout.sessions.list({ payment_intent: paid.payment_intent });
    assert.deepEqual(byIntent.data.map(({ id }) => id), [made[3]]);
    assert.ok((await stripe.checkout.sessions.list({ status: 'complete', limit: 100 })).data.every(({ status }) => status === 'complete'));
    const future = await stripe.checkout.sessions.list({ created: { gte: Math.floor(Date.now() / 1000) + 3600 } });
    assert.equal(future.data.length, 0);
    await rejectsWith(stripe.checkout.sessions.list({ starting_after: 'cs_test_none' }),
      'StripeInvalidRequestError', { code: 'resource_missing', param: 'starting_after' });
  });

  test('expires an open session once', async () => {
    const session = await stripe.checkout.sessions.create(once());
    const expired = await stripe.checkout.sessions.expire(session.id);
    assert.equal(expired.status, 'expired');
    assert.equal(expired.url, null);
    await rejectsWith(stripe.checkout.sessions.expire(session.id), 'StripeInvalidRequestError', { statusCode: 400 });
    assert.equal((await fetch(session.url)).status, 410);
  });

  test('repeats the answer to a repeated idempotency key', async () => {
    const options = { idempotencyKey: 'plg_repeat' };
    const one = await stripe.checkout.sessions.create(once(), options);
    const two = await stripe.checkout.sessions.create(once(), options);
    assert.equal(two.id, one.id);
    assert.equal(two.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal(two.lastResponse.headers['original-request'], one.lastResponse.requestId);
    assert.equal(one.lastResponse.headers['idempotent-replayed'], undefined);
    await rejectsWith(stripe.checkout.sessions.create(once({ client_reference_id: 'other' }), options),
      'StripeIdempotencyError', { statusCode: 400 });
  });

  test('does not remember what it refused before doing anything', async () => {
    const options = { idempotencyKey: 'plg_typo' };
    await assert.rejects(stripe.checkout.sessions.create(once({ success_url: 'nonsense' }), options));
    assert.equal((await stripe.checkout.sessions.create(once(), options)).status, 'open');
  });

  test('says 409 while the first answer to a key is on its way', async () => {
    await sandbox.order('/misbehave', { answer_delay_ms: 600 });
    const options = { idempotencyKey: 'plg_twice' };
    const one = stripe.checkout.sessions.create(once(), options);
    await sleep(150);
    await rejectsWith(stripe.checkout.sessions.create(once(), options), 'StripeAPIError',
      { statusCode: 409, code: 'idempotency_key_in_use' });
    const first = await one;
    await sandbox.order('/behave', {});
    assert.equal((await stripe.checkout.sessions.create(once(), options)).id, first.id);
  });

  test('refuses in the words and classes of the original', async () => {
    const create = (more) => stripe.checkout.sessions.create(once(more));
    const price = (data) => create({ line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 2500, product_data: { name: 'x' }, ...data } }] });
    const refused = (promise, members) => rejectsWith(promise, 'StripeInvalidRequestError', { statusCode: 400, ...members });
    await refused(create({ nonsense: 1 }), { code: 'parameter_unknown', param: 'nonsense' });
    await refused(create({ mode: undefined }), { code: 'parameter_missing', param: 'mode' });
    await refused(create({ success_url: undefined }), { code: 'parameter_missing', param: 'success_url' });
    await refused(create({ line_items: undefined }), { code: 'parameter_missing', param: 'line_items' });
    await refused(create({ mode: 'gift' }), { param: 'mode' });
    await refused(create({ cancel_url: 'ftp://x.example' }), { code: 'url_invalid', param: 'cancel_url' });
    await refused(create({ expires_at: Math.floor(Date.now() / 1000) + 60 }), { param: 'expires_at' });
    await refused(create({ expires_at: Math.floor(Date.now() / 1000) + 25 * 3600 }), { param: 'expires_at' });
    await refused(create({ subscription_data: { metadata: { a: 'b' } } }), { param: 'subscription_data' });
    await refused(create({ metadata: { ['k'.repeat(41)]: 'v' } }), {});
    await refused(create({ metadata: { k: 'v'.repeat(501) } }), { param: 'metadata[k]' });
    await refused(stripe.checkout.sessions.create(monthly({ payment_intent_data: { description: 'x' } })), { param: 'payment_intent_data' });
    await refused(price({ recurring: { interval: 'month' } }), {});
    await refused(price({ currency: 'xxx' }), { param: 'line_items[0][price_data][currency]' });
    await refused(price({ unit_amount: 1.5 }), { code: 'parameter_invalid_integer' });
    await refused(price({ unit_amount: 10 }), { code: 'amount_too_small' });
    await refused(price({ unit_amount: 100000000 }), { code: 'amount_too_large' });
    await refused(price({ currency: 'isk', unit_amount: 1250 }), {});
    await rejectsWith(stripe.checkout.sessions.retrieve('cs_test_none'), 'StripeInvalidRequestError',
      { statusCode: 404, code: 'resource_missing' });
    await rejectsWith(stripe.customers.list(), 'StripeInvalidRequestError', { statusCode: 404 });
    await rejectsWith(sandbox.stripe({ api_key: 'sk_test_wrong' }).balance.retrieve(), 'StripeAuthenticationError', { statusCode: 401 });
  });

  test('takes the key as the user of Basic, a form only, and no key at all not', async () => {
    const basic = { Authorization: `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}` };
    assert.equal((await sandbox.fetch('/v1/balance', { headers: basic })).status, 200);
    assert.equal((await sandbox.fetch('/v1/balance')).status, 401);
    const json = await sandbox.fetch('/v1/checkout/sessions', {
      method: 'POST', headers: { ...basic, 'Content-Type': 'application/json' }, body: '{}',
    });
    assert.equal(json.status, 400);
  });

  test('fails as it is told to', async () => {
    const create = (key) => stripe.checkout.sessions.create(once(), { idempotencyKey: key });
    const count = async () => (await sandbox.order('')).objects.sessions;
    const earlier = await count();
    await sandbox.order('/misbehave', { api_count: 1, api_status: 503, api_stage: 'before' });
    await rejectsWith(create('fail-1'), 'StripeAPIError', { statusCode: 503 });
    assert.equal((await create('fail-1')).status, 'open');
    await sandbox.order('/misbehave', { api_count: 1, api_status: 500, api_stage: 'stored' });
    await rejectsWith(create('fail-2'), 'StripeAPIError', { statusCode: 500 });
    await rejectsWith(create('fail-2'), 'StripeAPIError', { statusCode: 500 });
    assert.equal(await count(), earlier + 1);
    await sandbox.order('/misbehave', { api_count: 1, api_status: 429 });
    await rejectsWith(create('fail-3'), 'StripeRateLimitError', { statusCode: 429 });
    await sandbox.order('/misbehave', { api_count: 1, api_status: 0, api_stage: 'after' });
    const broken = sandbox.stripe();
    await assert.rejects(broken.checkout.sessions.create(once(), { idempotencyKey: 'fail-4', maxNetworkRetries: 0 }));
    assert.equal(await count(), earlier + 2);
    const again = await create('fail-4');
    assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal(await count(), earlier + 2);
    await sandbox.order('/behave', {});
  });

  test('is told what to do by JSON from loopback only', async () => {
    const plain = await sandbox.fetch('/sandbox/clock', { method: 'POST', body: '{"advance":1}' });
    assert.equal(plain.status, 400);
    const unknown = await sandbox.fetch('/sandbox/misbehave', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"nonsense":1}',
    });
    assert.equal(unknown.status, 400);
    assert.match((await unknown.json()).error, /nonsense/);
  });
});

describe('the payment page', LIMIT, () => {
  let sandbox;
  let stripe;
  let receiver;
  before(async () => {
    receiver = await Receiver.start();
    sandbox = await Sandbox.start({ webhook_url: receiver.url });
    stripe = sandbox.stripe();
  });
  after(async () => {
    await sandbox.stop();
    await receiver.stop();
  });

  // The order in which webhooks come is nobody's promise: only what came counts.
  const types = (...objects) => receiver.requests.filter(({ event }) => objects.includes(event.data.object.id)).map(({ event }) => event.type).sort();

  test('is plain HTML under a strict policy', async () => {
    const session = await stripe.checkout.sessions.create(once({
      line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 2500, product_data: { name: '<b>&"\'' } } }],
    }));
    const response = await fetch(session.url);
    const html = await response.text();
    assert.match(response.headers.get('content-security-policy'), /^default-src 'none';.*form-action 'self' https:\/\/give\.example$/);
    assert.match(html, /<html lang="en">/);
    assert.match(html, /<title>Payment – Sandbox merchant<\/title>/);
    assert.match(html, /<h1>Sandbox merchant: 25\.00 EUR<\/h1>/);
    assert.match(html, /Donate 25\.00 EUR<\/button>/);
    assert.match(html, /&lt;b&gt;&amp;&quot;&#39;/);
    assert.match(html, /href="https:\/\/give\.example\/cancelled\?a=1&amp;b=2"/);
    assert.ok(!html.includes('<script'));
    assert.equal((await fetch(`${sandbox.url}/pay/style.css`)).headers.get('content-type'), 'text/css; charset=utf-8');
    assert.equal((await fetch(`${sandbox.url}/pay/cs_test_none`)).status, 404);
  });

  test('pays by card and brings the donor back once the event is delivered', async () => {
    const session = await stripe.checkout.sessions.create(once());
    const response = await sandbox.choose(session, 'card', { email: 'jane@example.com', name: 'Jane' });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), `https://give.example/ok?sid=${session.id}`);
    assert.equal(receiver.of('checkout.session.completed', session.id).length, 1);
    const read = await stripe.checkout.sessions.retrieve(session.id);
    assert.equal(read.status, 'complete');
    assert.equal(read.payment_status, 'paid');
    assert.equal(read.customer_details.email, 'jane@example.com');
    const { event } = await receiver.wait('checkout.session.completed', session.id);
    assert.deepEqual(event.data.object.metadata, { pledge: 'plg_1' });
    const succeeded = await receiver.wait('payment_intent.succeeded', read.payment_intent);
    assert.deepEqual(succeeded.event.data.object.metadata, { pledge: 'plg_1' });
    assert.equal((await fetch(session.url)).status, 200);
  });

  test('does not copy the metadata of a session to its payment', async () => {
    const session = await stripe.checkout.sessions.create(once({ payment_intent_data: undefined }));
    const paid = await sandbox.order('/pay', { session: session.id });
    const intent = await stripe.paymentIntents.retrieve(paid.payment_intent, { expand: ['latest_charge'] });
    assert.deepEqual(intent.metadata, {});
    assert.deepEqual(intent.latest_charge.metadata, {});
  });

  test('shows a declined card and lets the donor try again', async () => {
    const session = await stripe.checkout.sessions.create(once());
    const declined = await sandbox.choose(session, 'declined');
    assert.equal(declined.status, 402);
    assert.match(await declined.text(), /role="alert">Your card was declined/);
    const open = await stripe.checkout.sessions.retrieve(session.id);
    assert.equal(open.status, 'open');
    assert.equal(open.payment_intent, null);
    const failed = await receiver.wait('payment_intent.payment_failed');
    assert.equal(failed.event.data.object.last_payment_error.code, 'card_declined');
    assert.equal((await sandbox.choose(session, 'card')).status, 303);
    const paid = await stripe.checkout.sessions.retrieve(session.id);
    assert.equal(paid.payment_intent, failed.event.data.object.id);
  });

  test('completes a slow debit unpaid, and settles it later', async () => {
    await sandbox.order('/misbehave', { slow_debit_ms: 300 });
    const session = await stripe.checkout.sessions.create(once());
    assert.equal((await sandbox.choose(session, 'slow_debit')).status, 303);
    const completed = await receiver.wait('checkout.session.completed', session.id);
    assert.equal(completed.event.data.object.payment_status, 'unpaid');
    const settled = await receiver.wait('checkout.session.async_payment_succeeded', session.id);
    assert.equal(settled.event.data.object.payment_status, 'paid');
    assert.equal((await stripe.paymentIntents.retrieve(settled.event.data.object.payment_intent)).status, 'succeeded');
  });

  test('completes a slow debit unpaid, and lets it fail when told', async () => {
    await sandbox.order('/misbehave', { slow_debit_ms: 3600 * 1000 });
    const session = await stripe.checkout.sessions.create(once());
    assert.equal((await sandbox.choose(session, 'slow_debit')).status, 303);
    const failed = await sandbox.order('/settle', { session: session.id, outcome: 'failed' });
    assert.equal(failed.payment_status, 'unpaid');
    await receiver.wait('checkout.session.async_payment_failed', session.id);
    await receiver.wait('charge.failed');
    assert.deepEqual(types(session.id), ['checkout.session.async_payment_failed', 'checkout.session.completed']);
    await sandbox.order('/behave', {});
  });

  test('expires when the clock says so', async () => {
    const session = await stripe.checkout.sessions.create(once({ expires_at: Math.floor(Date.now() / 1000) + 1900 }));
    await sandbox.order('/clock', { advance: 2000 });
    const { event } = await receiver.wait('checkout.session.expired', session.id);
    assert.equal(event.data.object.status, 'expired');
    const fresh = await stripe.checkout.sessions.create(once({ expires_at: Math.floor(Date.now() / 1000) + 1900 }));
    assert.equal((await stripe.checkout.sessions.retrieve(fresh.id)).status, 'open');
  });

  test('refuses an answer that is none', async () => {
    const session = await stripe.checkout.sessions.create(once());
    const response = await fetch(session.url, { method: 'POST', body: new URLSearchParams({ outcome: 'gold' }) });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /Please choose/);
  });
});

describe('webhooks', LIMIT, () => {
  let sandbox;
  let stripe;
  let receiver;
  const good = () => 200;
  before(async () => {
    receiver = await Receiver.start();
    sandbox = await Sandbox.start({ webhook_url: receiver.url });
    stripe = sandbox.stripe();
  });
  after(async () => {
    await sandbox.stop();
    await receiver.stop();
  });

  async function pay() {
    const session = await stripe.checkout.sessions.create(once());
    await sandbox.order('/pay', { session: session.id });
    return session;
  }
  const idle = () => until(async () => {
    const { deliveries } = await sandbox.order('');
    return deliveries.waiting + deliveries.in_flight === 0;
  }, 'all deliveries');

  test('carry a signature that the SDK verifies over the exact bytes', async () => {
    const session = await pay();
    const { body, headers } = await receiver.wait('checkout.session.completed', session.id);
    const event = Stripe.webhooks.constructEvent(body, headers['stripe-signature'], SECRET);
    assert.equal(event.data.object.id, session.id);
    assert.equal(event.api_version, '2026-10-28.endive');
    assert.match(headers['stripe-signature'], /^t=\d+,v1=[0-9a-f]{64},v0=[0-9a-f]{64}$/);
    assert.match(body.toString(), /^\{\n {2}"id": "evt_/);
    assert.ok(body.length > 3000 && body.length < 8000, `${body.length} bytes`);
    assert.throws(() => Stripe.webhooks.constructEvent(body, headers['stripe-signature'], 'whsec_other'));
  });

  test('are tried again with the same body and a new signature until the other side says 200', async () => {
    let refusals = 3;
    receiver.answer = ({ event }) => event.type === 'checkout.session.completed' && refusals-- > 0 ? 503 : 200;
    const session = await pay();
    await receiver.wait('checkout.session.completed', session.id, 4);
    receiver.answer = good;
    const tries = receiver.of('checkout.session.completed', session.id);
    assert.equal(new Set(tries.map(({ body }) => body.toString())).size, 1);
    assert.ok(new Set(tries.map(({ headers }) => headers['stripe-signature'])).size > 1);
    const pauses = tries.slice(1).map(({ at }, i) => at - tries[i].at);
    assert.ok(pauses[2] > pauses[0], `${pauses}`);
    await idle();
    const { attempts } = await sandbox.order(`/deliveries?event=${tries[0].event.id}`);
    assert.deepEqual(attempts.map(({ status }) => status), [200, 503, 503, 503]);
    await sleep(200);
    assert.equal(receiver.of('checkout.session.completed', session.id).length, 4);
  });

  test('are not followed through a redirect', async () => {
    let redirects = 1;
    receiver.answer = () => redirects-- > 0 ? 302 : 200;
    const session = await pay();
    await receiver.wait('checkout.session.completed', session.id);
    await idle();
    receiver.answer = good;
    const { attempts } = await sandbox.order('/deliveries?limit=10');
    assert.equal(attempts.filter(({ status }) => status === 302).length, 1);
  });

  test('leave an event pending until they arrive', async () => {
    await sandbox.order('/pause', {});
    const session = await pay();
    const list = (delivery_success) => stripe.events.list({ types: ['checkout.session.completed'], delivery_success });
    const [event] = (await list(false)).data;
    assert.equal(event.data.object.id, session.id);
    assert.equal(event.pending_webhooks, 1);
    assert.equal(receiver.of('checkout.session.completed', session.id).length, 0);
    await sandbox.order('/resume', {});
    await receiver.wait('checkout.session.completed', session.id);
    await idle();
    assert.equal((await list(false)).data.length, 0);
    assert.equal((await stripe.events.retrieve(event.id)).pending_webhooks, 0);
    assert.equal((await list(true)).data[0].id, event.id);
  });

  test('can be lost, and are then found in the list of events', async () => {
    await sandbox.order('/misbehave', { drop: true });
    const session = await pay();
    await sandbox.order('/behave', {});
    await sleep(100);
    assert.equal(receiver.of('checkout.session.completed', session.id).length, 0);
    const events = [];
    for await (const event of stripe.events.list({ delivery_success: false, limit: 2 })) events.push(event);
    const lost = events.find(({ type }) => type === 'checkout.session.completed');
    assert.equal(lost.data.object.id, session.id);
    await sandbox.order('/resend', { event: lost.id });
    await receiver.wait('checkout.session.completed', session.id);
  });

  test('come twice, in another order, forged or stale when told', async () => {
    await idle();
    await sandbox.order('/misbehave', { duplicate: 2 });
    const twice = await pay();
    await receiver.wait('checkout.session.completed', twice.id, 3);
    await sandbox.order('/behave', {});
    await sandbox.order('/misbehave', { reorder: true });
    const turned = await pay();
    const completed = await receiver.wait('checkout.session.completed', turned.id);
    await receiver.wait('payment_intent.created', completed.event.data.object.payment_intent);
    const order = receiver.requests.slice(-4).map(({ event }) => event.type);
    assert.deepEqual(order, ['checkout.session.completed', 'payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created']);
    await sandbox.order('/behave', {});
    const verdict = ({ body, headers }) => {
      try {
        Stripe.webhooks.constructEvent(body, headers['stripe-signature'], SECRET);
        return 200;
      } catch {
        return 400;
      }
    };
    receiver.answer = verdict;
    await sandbox.order('/misbehave', { forge: 2, stale: 1 });
    await pay();
    await idle();
    receiver.answer = good;
    const { attempts } = await sandbox.order('/deliveries?limit=20');
    for (const { status, forged, stale } of attempts.slice(0, 6)) assert.equal(status, forged || stale ? 400 : 200);
    assert.equal(attempts.slice(0, 6).filter(({ forged }) => forged).length, 2);
  });

  test('are signed with both secrets while one replaces the other', async () => {
    await sandbox.order('/webhook', { secrets: ['whsec_new', SECRET] });
    const session = await pay();
    const { body, headers } = await receiver.wait('checkout.session.completed', session.id);
    for (const secret of ['whsec_new', SECRET])
      assert.equal(Stripe.webhooks.constructEvent(body, headers['stripe-signature'], secret).data.object.id, session.id);
    await sandbox.order('/webhook', { secrets: [SECRET] });
  });

  test('tell wrong amounts, currencies, modes and nonsense when told', async () => {
    await sandbox.order('/misbehave', { wrong_amount: 1, wrong_currency: 1, wrong_livemode: 1 });
    const wrong = await pay();
    const { event } = await receiver.wait('checkout.session.completed', wrong.id);
    assert.equal(event.data.object.amount_total, 2600);
    assert.equal(event.data.object.currency, 'usd');
    const live = receiver.requests.filter((request) => request.event.livemode);
    assert.equal(live.length, 1);
    await sandbox.order('/misbehave', { unreadable: 4 });
    const senseless = await pay();
    const nonsense = await receiver.wait('checkout.session.completed', senseless.id);
    assert.equal(nonsense.event.data.object.amount_total, 'plenty');
    await sandbox.order('/misbehave', { twin_events: true });
    const twin = await pay();
    await receiver.wait('checkout.session.completed', twin.id, 2);
    assert.equal(new Set(receiver.of('checkout.session.completed', twin.id).map((request) => request.event.id)).size, 2);
    await sandbox.order('/behave', {});
  });

  test('tell of the account\'s other business too', async () => {
    await idle();
    const earlier = receiver.requests.length;
    await sandbox.order('/other_business', { payments: 2, sessions: 2, subscriptions: 1, invoices: 1 });
    await idle();
    const events = receiver.requests.slice(earlier).map(({ event }) => event);
    assert.ok(events.length >= 20);
    assert.ok(!JSON.stringify(events).includes('plg_'));
    const alone = events.find(({ type, data }) => type === 'invoice.paid' && data.object.billing_reason === 'manual');
    assert.equal(alone.data.object.parent, null);
  });
});

// The members that an interface of the SDK's declarations promises.
function promised(file, name) {
  const folder = path.join(import.meta.dirname, '../node_modules/stripe/cjs/resources');
  const text = fs.readFileSync(path.join(folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const [, , body] = new RegExp(`^( *)(?:export )?interface ${name} \\{\\n([\\s\\S]*?)^\\1\\}`, 'm').exec(text);
  return [...body.matchAll(/^ +(\w+)(\??):/gm)].map(([, key, optional]) => ({ key, optional: optional !== '' }));
}

test('every object has the members that the SDK\'s types promise, and no others', LIMIT, async (t) => {
  const sandbox = await Sandbox.start();
  t.after(() => sandbox.stop());
  const stripe = sandbox.stripe();
  const gift = await sandbox.order('/pay', { session: (await stripe.checkout.sessions.create(once())).id });
  const pledge = await sandbox.order('/pay', { session: (await stripe.checkout.sessions.create(monthly())).id });
  const intent = await stripe.paymentIntents.retrieve(gift.payment_intent, { expand: ['latest_charge.balance_transaction'] });
  const invoice = await stripe.invoices.retrieve(pledge.invoice, { expand: ['payments'] });
  const subscription = await stripe.subscriptions.retrieve(pledge.subscription);
  const refund = await stripe.refunds.create({ payment_intent: gift.payment_intent, amount: 100 });
  const failed = await sandbox.order('/refund_end', { refund: refund.id, outcome: 'failed' });
  const dispute = await sandbox.order('/dispute', { payment_intent: gift.payment_intent });
  await sandbox.order('/clock', { advance: 3 * 86400 });
  await sandbox.order('/adjustment', { currency: 'eur', amount: 5000 });
  const payout = await sandbox.order('/payout', { currency: 'eur' });
  const objects = [
    ['Refunds.d.ts', 'Refund', refund],
    ['Refunds.d.ts', 'Refund', failed],
    ['Disputes.d.ts', 'Dispute', dispute],
    ['Disputes.d.ts', 'Evidence', dispute.evidence],
    ['Disputes.d.ts', 'EvidenceDetails', dispute.evidence_details],
    ['Payouts.d.ts', 'Payout', payout],
    ['BalanceTransactions.d.ts', 'BalanceTransaction', dispute.balance_transactions[0]],
    ['BalanceTransactions.d.ts', 'FeeDetail', dispute.balance_transactions[0].fee_details[0]],
    ['Checkout/Sessions.d.ts', 'Session', gift],
    ['Checkout/Sessions.d.ts', 'Session', pledge],
    ['PaymentIntents.d.ts', 'PaymentIntent', intent],
    ['Charges.d.ts', 'Charge', intent.latest_charge],
    ['BalanceTransactions.d.ts', 'BalanceTransaction', intent.latest_charge.balance_transaction],
    ['Invoices.d.ts', 'Invoice', invoice],
    ['InvoiceLineItems.d.ts', 'InvoiceLineItem', invoice.lines.data[0]],
    ['InvoicePayments.d.ts', 'InvoicePayment', invoice.payments.data[0]],
    ['Subscriptions.d.ts', 'Subscription', subscription],
    ['SubscriptionItems.d.ts', 'SubscriptionItem', subscription.items.data[0]],
    ['Prices.d.ts', 'Price', subscription.items.data[0].price],
    ['LineItems.d.ts', 'LineItem', (await stripe.checkout.sessions.listLineItems(gift.id)).data[0]],
    ['Balance.d.ts', 'Balance', await stripe.balance.retrieve()],
    ['Events.d.ts', 'EventBase', (await stripe.events.list({ limit: 1 })).data[0]],
  ];
  for (const [file, name, object] of objects) {
    const members = promised(file, name);
    assert.ok(members.length > 3, name);
    assert.deepEqual(members.filter(({ key, optional }) => !optional && !(key in object)), [], `${name} lacks`);
    assert.deepEqual(Object.keys(object).filter((key) => !members.some((member) => member.key === key)), [], `${name} has too`);
  }
});

test('the sandbox stops cleanly with replies and deliveries under way', LIMIT, async (t) => {
  const receiver = await Receiver.start(() => sleep(3000, 200));
  t.after(() => receiver.stop());
  const sandbox = await Sandbox.start({ webhook_url: receiver.url, misbehave: { answer_delay_ms: 3000 } });
  const stripe = sandbox.stripe();
  const waiting = stripe.checkout.sessions.create(once()).catch((error) => error);
  await until(async () => (await sandbox.order('')).objects.sessions === 1);
  await sandbox.order('/other_business', { payments: 20 });
  await until(() => receiver.requests.length > 0);
  await sandbox.stop();
  const answer = await waiting;
  assert.equal(answer.status, 'open');
});

test('the sandbox refuses to listen beyond loopback', LIMIT, async () => {
  await assert.rejects(Sandbox.start({ listen: '0.0.0.0:0' }), /on loopback only/);
});

test('a live key makes everything live', LIMIT, async (t) => {
  const sandbox = await Sandbox.start({ api_key: 'rk_live_sandbox_0123456789' });
  t.after(() => sandbox.stop());
  const session = await sandbox.stripe().checkout.sessions.create(once());
  assert.match(session.id, /^cs_live_/);
  assert.equal(session.livemode, true);
});
