// POST /v1/checkout: what it takes, what it refuses, and what a repeat is answered.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sendRaw } from './lib/http.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

let world;

before(async () => {
  world = await newWorld({
    configure(config) {
      config.accounts.push({ ...config.accounts[0], id: 'second' });
    },
  });
});
after(() => world.end());

const sessions = async () => (await world.askProvider('/sandbox')).objects.sessions;

const post = (body, headers) => world.ask('/v1/checkout', { method: 'POST', body, headers });

// Refused means: nothing is written and the provider is not asked.
async function assertRefused(status, body, headers) {
  const asked = await sessions();
  const answer = await world.writesNothing(() => post(body, headers));
  assert.equal(answer.status, status, `${body}: ${answer.text}`);
  assert.equal(answer.header('content-type'), 'application/problem+json');
  assert.equal(answer.json.status, status);
  assert.equal(await sessions(), asked);
  return answer.json.detail;
}

describe('what is asked for', () => {
  test('a tier is enough, and the first account is taken', async () => {
    const made = await world.pledge('gift-25');
    assert.equal(world.of(made)[0].account, 'stripe');
  });

  test('another account may be chosen, in JSON and in a form', async () => {
    const made = await world.pledge('gift-25', { account: 'second' });
    assert.equal(world.of(made)[0].account, 'second');
    assert.equal((await world.pressForm({ tier: 'gift-25', account: 'second' })).status, 303);
    assert.equal(world.lines('pledged').at(-1).account, 'second');
    assert.equal((await world.pressForm({ tier: 'gift-25', account: '' })).status, 303, 'an empty choice is none');
    assert.equal(world.lines('pledged').at(-1).account, 'stripe');
  });

  test('a tier or an account that there is not: 404', async () => {
    await assertRefused(404, '{"tier":"nothing"}', json);
    await assertRefused(404, '{"tier":"GIFT-25"}', json);
    await assertRefused(404, '{"tier":"gift-25","account":"nobody"}', json);
    await assertRefused(404, 'tier=nothing', form);
  });

  test('money in the request is refused: the tier decides', async () => {
    for (const name of ['amount', 'currency', 'price', 'unit_amount', 'interval']) {
      assert.match(await assertRefused(400, JSON.stringify({ tier: 'gift-25', [name]: '1.00' }), json), new RegExp(`"${name}" cannot be chosen`));
      await assertRefused(400, JSON.stringify({ tier: 'gift-25', [name]: 1 }), json);
      await assertRefused(400, JSON.stringify({ [name]: null, tier: 'gift-25' }), json);
      await assertRefused(400, `tier=gift-25&${name}=1.00`, form);
      await assertRefused(400, `${name}=&tier=gift-25`, form);
    }
  });

  test('what is not known, empty, given twice, too long or of another type: 400', async () => {
    const bad = [
      '{"tier":"gift-25","success_url":"https://evil.example"}', '{"tier":"gift-25","Tier":"box-100"}', '{"tier":""}', '{}', '{"tier":null}', '{"tier":25}',
      '{"tier":["gift-25"]}', '{"tier":{"id":"gift-25"}}', '{"tier":"gift-25","tier":"gift-25"}', '{"tier":"gift-25","tier":"box-100"}',
      '{"tier":"gift-25","account":""}', `{"tier":"${'g'.repeat(33)}"}`, '{"tier":"gift-25","idempotency_key":"x"}', '{"tier":"gift-25","__proto__":{}}',
      '[]', '"gift-25"', 'null', '25', '', '{', '{"tier":"gift-25"}}', '{"tier":"gift-25"} x', '{"tier":"gift-25",}', "{'tier':'gift-25'}", '{"tier":"gift-25"}\0',
      '\ufeff{"tier":"gift-25"}', '{"tier":"gift\\u0000-25"}', '{"tier":"gift-25"}\n{"tier":"gift-25"}',
    ];
    for (const body of bad) await assertRefused(400, body, json);
    const badForms = [
      'tier=', 'tier=gift-25&tier=gift-25', 'tier=gift-25&tier=box-100', 'tier=gift-25&success_url=https://evil.example', 'account=stripe', '', '&&&', 'tier',
      `tier=${'g'.repeat(33)}`, 'tier=gift%00', 'tier=gift%0a', 'tier=%ff', 'tier=%', 'tier=gift-25&x', `tier=gift-25&${'x'.repeat(200)}=1`,
      'tier=gift-25&idempotency_key=a&idempotency_key=a', 'tier=gift-25&idempotency_key=',
    ];
    for (const body of badForms) await assertRefused(400, body, form);
  });

  test('bytes that are no text come back as no text', async () => {
    await assertRefused(400, Buffer.from('7b2274696572223a22ff227d', 'hex'), json);
    assert.match(await assertRefused(400, JSON.stringify({ ['é'.repeat(40)]: '1' }), json), /not known here/);
    assert.match(await assertRefused(400, JSON.stringify({ ['a' + '€'.repeat(40)]: '1' }), json), /not known here/);
    await assertRefused(400, `${'%F0%9F%92%B6'.repeat(15)}=1`, form);
    const answer = await world.pressForm({ '<script>alert(1)</script>': '1', tier: 'gift-25' });
    assert.equal(answer.status, 400);
    assert.doesNotMatch(answer.text, /<script>alert/);
    assert.match(answer.text, /&lt;script&gt;alert/);
  });

  test('a type that is neither JSON nor a form: 415', async () => {
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/jsonp', 'application/json2', 'text/json', 'application', ''])
      await assertRefused(415, '{"tier":"gift-25"}', { 'content-type': type });
    await assertRefused(415, '{"tier":"gift-25"}', {});
    assert.equal((await post('{"tier":"gift-25"}', { 'content-type': 'Application/JSON ; charset=utf-8' })).status, 201);
    assert.equal((await post('tier=gift-25', { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' })).status, 303);
  });

  test('a body that is too big: 413, whether it is announced or not', async () => {
    await assertRefused(413, JSON.stringify({ tier: 'x'.repeat(9000) }), json);
    await world.writesNothing(async () => {
      const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`;
      const answer = await sendRaw(world.origin, `POST /v1/checkout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`).catch((error) => error.code);
      assert.ok(answer === '' || answer === 'ECONNRESET' || answer === 'EPIPE' || answer.startsWith('HTTP/1.1 413'), answer);
    });
    assert.equal((await world.ask('/healthz')).status, 200);
  });

  test('pressing without a choice brings the page back with the message', async () => {
    const answer = await world.pressForm({});
    assert.equal(answer.status, 400);
    assert.equal(answer.header('content-type'), 'text/html; charset=utf-8');
  });

  test('pressing without a choice, or for a tier that is gone, brings the page back that it was pressed on', async () => {
    const nothing = await world.writesNothing(() => world.pressForm({ campaign: 'members' }));
    assert.equal(nothing.status, 400);
    assert.match(nothing.text, /<h1>Friends of the house<\/h1>/);
    assert.match(nothing.text, /id="refused">Choose one of the amounts/);
    const gone = await world.writesNothing(() => world.pressForm({ campaign: 'members', tier: 'month-7', lang: 'fr' }));
    assert.equal(gone.status, 404);
    assert.match(gone.text, /<div class="problem" role="alert" tabindex="-1" autofocus>/);
    assert.match(gone.text, /id="tier-month-10" checked/);
    const elsewhere = await world.writesNothing(() => world.pressForm({ campaign: 'no-such-one', tier: 'month-7' }));
    assert.equal(elsewhere.status, 404);
  });

  test('whoever comes back from the provider finds her choice as it was', async () => {
    const sent = await world.pressForm({ campaign: 'members', tier: 'year-50', account: 'second', lang: 'de' });
    const session = await world.askProvider(`/v1/checkout/sessions/${sent.header('location').split('/').at(-1)}`);
    assert.equal(session.cancel_url, `${world.origin}/c/members?tier=year-50&account=second&lang=de`);
    const { text } = await world.ask(session.cancel_url.slice(world.origin.length), { headers: { accept: 'text/html' } });
    assert.match(text, /id="often-year" checked/);
    assert.match(text, /id="tier-year-50" checked/);
    assert.match(text, /id="account-second-year" checked/);
  });

  test('an account that is gone brings the page back with the message, in its language and with the choice kept', async () => {
    const answer = await world.writesNothing(() => world.pressForm({ tier: 'year-50', account: 'gone', lang: 'de' }));
    assert.equal(answer.status, 404);
    assert.match(answer.text, /<html lang="de"/);
    assert.match(answer.text, /<div class="problem" role="alert" tabindex="-1" autofocus>/);
    assert.match(answer.text, /Diese Zahlungsart wird nicht mehr angeboten/);
    assert.match(answer.text, /value="year-50" id="tier-year-50" checked/);
    assert.match(answer.text, /value="stripe" id="account-stripe-year" checked/);
  });

  test('other methods: 405, and what is allowed', async () => {
    for (const path of ['/v1/checkout', '/webhooks/stripe']) {
      const answer = await world.ask(path);
      assert.equal(answer.status, 405);
      assert.equal(answer.header('allow'), 'POST');
    }
    for (const path of ['/', '/v1/tiers', '/c/box', '/healthz']) {
      const answer = await world.ask(path, { method: 'POST', headers: { ...json, 'content-length': '0' } });
      assert.equal(answer.status, 405);
      assert.equal(answer.header('allow'), 'GET, HEAD');
    }
    assert.equal((await world.ask('/v1/tiers', { method: 'DELETE' })).status, 405);
    assert.equal((await world.ask('/v1/tiers', { method: 'PATCH' })).status, 501);
  });

  test('nothing is at the address: 404, and no word about the body', async () => {
    for (const path of ['/nowhere', '/v1/checkout/', '/webhooks/', '/../v1/checkout']) assert.equal((await world.ask(path, { method: 'POST', headers: json, body: JSON.stringify({ tier: 'box-25' }) })).status, 404, path);
    assert.equal((await world.ask('/v1/tiers', { method: 'POST', headers: json, body: JSON.stringify({ tier: 'box-25' }) })).status, 405);
    assert.equal((await world.ask('/nowhere', { method: 'POST', headers: json, body: 'x'.repeat(9000) })).status, 413);
  });
});

describe('an Idempotency-Key', () => {
  const key = () => ({ 'idempotency-key': randomUUID() });

  test('brings the same answer again', async () => {
    const headers = key();
    const first = await world.pledge('gift-25', { headers });
    const again = await world.writesNothing(() => world.pledge('gift-25', { headers }));
    assert.deepEqual(again, first);
    assert.match(world.of(first)[0].key, /^[0-9a-f]{64}$/);
    assert.doesNotMatch(JSON.stringify(world.lines()), new RegExp(headers['idempotency-key']));
  });

  test('in two tabs at the same moment opens one session', async () => {
    await world.order('misbehave', { answer_delay_ms: 300 });
    const headers = key();
    const asked = await sessions();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.press('gift-25', { headers })));
    await world.order('behave');
    assert.deepEqual(answers.map(({ status }) => status), Array(20).fill(201));
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal(await sessions(), asked + 1);
    assert.equal(world.lines('pledged').filter(({ pledge }) => pledge === answers[0].json.pledge).length, 1);
  });

  test('with another tier or account: 409, at the same moment and later', async () => {
    await world.order('misbehave', { answer_delay_ms: 300 });
    const headers = key();
    const first = world.press('gift-25', { headers });
    const other = await waitFor('the first to be under way', async () => {
      const answer = await world.press('box-100', { headers });
      return answer.status === 409 && answer;
    });
    assert.equal(other.header('content-type'), 'application/problem+json');
    const made = await first;
    await world.order('behave');
    // Whichever of the two came first has the key.
    const [mine, theirs] = made.status === 201 ? ['gift-25', 'box-100'] : ['box-100', 'gift-25'];
    assert.equal((await world.press(theirs, { headers })).status, 409);
    assert.equal((await world.press(mine, { headers, account: 'second' })).status, 409);
    assert.equal((await world.press(mine, { headers })).status, 201);
  });

  test('after the payment: the thank-you page for a form, 409 with the state for a script', async () => {
    const headers = key();
    const made = await world.pledge('gift-25', { headers });
    await world.pay(made);
    await world.booked(made, 'settled');
    await waitFor('the receipt', async () => (await world.receipt(made)).state === 'received');
    const script = await world.press('gift-25', { headers });
    assert.equal(script.status, 409);
    assert.match(script.json.detail, /received/);
    const browser = await world.pressForm({ tier: 'gift-25' }, headers);
    assert.equal(browser.status, 303);
    assert.equal(new URL(browser.header('location'), world.origin).pathname, `/thanks/${made.receipt}`);
  });

  test('after the donor has paid and before anybody told us: nothing is opened a second time', async () => {
    await world.order('pause');
    const headers = key();
    const made = await world.pledge('gift-25', { headers });
    await world.order('pay', { session: made.session });
    const asked = await sessions();
    assert.equal((await world.press('gift-25', { headers })).status, 409);
    const browser = await world.pressForm({ tier: 'gift-25' }, headers);
    assert.equal(browser.header('location'), `/thanks/${made.receipt}`);
    assert.equal(await sessions(), asked);
    await world.order('resume');
    await world.booked(made, 'settled');
  });

  test('after the session has expired: nothing is opened a second time', async () => {
    const headers = key();
    const made = await world.pledge('gift-25', { headers });
    await world.order('expire', { session: made.session });
    await world.booked(made, 'expired');
    const answer = await world.press('gift-25', { headers });
    assert.equal(answer.status, 409);
    assert.match(answer.json.detail, /not-completed/);
  });

  test('of a form belongs to its tier: Back and another choice is another pledge', async () => {
    const id = randomUUID();
    const one = await world.pressForm({ tier: 'gift-25', idempotency_key: id });
    const again = await world.pressForm({ tier: 'gift-25', idempotency_key: id });
    const other = await world.pressForm({ tier: 'box-100', idempotency_key: id });
    assert.deepEqual([one.status, again.status, other.status], [303, 303, 303]);
    assert.equal(again.header('location'), one.header('location'));
    assert.notEqual(other.header('location'), one.header('location'));
  });

  test('that cannot be one: 400', async () => {
    for (const bad of ['', 'a b', 'x'.repeat(256), 'é', ['a', 'b'], ['a', 'a']])
      await assertRefused(400, '{"tier":"gift-25"}', { ...json, 'idempotency-key': bad });
    assert.equal((await world.press('gift-25', { headers: { 'idempotency-key': 'x'.repeat(255) } })).status, 201);
  });

  test('without one, two presses are two sessions of which the donor sees one', async () => {
    const [one, two] = [await world.pledge('gift-25'), await world.pledge('gift-25')];
    assert.notEqual(one.pledge, two.pledge);
    assert.notEqual(one.receipt, two.receipt);
  });

  test('whose first try failed at the provider may be used again', async () => {
    await world.order('misbehave', { api_count: 1, api_stage: 'stored' });
    const headers = key();
    const failed = await world.writesNothing(() => world.press('gift-25', { headers }));
    assert.equal(failed.status, 502);
    assert.equal((await world.press('gift-25', { headers })).status, 201);
  });
});

test('a hundred presses at the same moment are a hundred pledges', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => world.press('gift-25')));
  assert.deepEqual(answers.map(({ status }) => status), Array(100).fill(201));
  assert.equal(new Set(answers.map((answer) => answer.json.pledge)).size, 100);
});
