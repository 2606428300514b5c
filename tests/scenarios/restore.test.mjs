// An older back-up is put back: what donors gave since is told by the provider, their pledges included.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { holdLine } from './lib/contract.mjs';
import { balances } from './lib/ledger.mjs';
import { event, newId, paidSession } from './lib/stripe.mjs';
import { newWorld } from './lib/world.mjs';

let world;
const known = {};

const run = (...args) => {
  const { status, stdout, stderr } = world.run(...args, '--config', world.configFile);
  return { status, text: stdout, said: stdout + stderr };
};
const reconcile = (...args) => run('reconcile', ...args);
const backup = () => path.join(world.folder, 'backup');

async function gift(tier, outcome) {
  const pledge = await world.pledge(tier);
  pledge.paid = await world.order('pay', { session: pledge.session, ...(outcome && { outcome }) });
  return pledge;
}

// The data directory is gone; what the back-up held is put into a new one.
function putBack({ secret = true } = {}) {
  fs.rmSync(world.data, { recursive: true });
  fs.mkdirSync(world.data, { mode: 0o700 });
  fs.cpSync(path.join(backup(), 'ledger'), path.join(world.data, 'ledger'), { recursive: true });
  if (secret) fs.cpSync(path.join(backup(), 'receipt.secret'), path.join(world.data, 'receipt.secret'));
}

// The provider's whole balance, all of which is ours in these tests.
async function assertEqual() {
  const { available, pending } = await world.askProvider('/v1/balance');
  const held = balances(world.lines());
  for (const currency of ['eur', 'usd']) {
    const sum = [...available, ...pending].filter((each) => each.currency === currency).reduce((all, { amount }) => all + amount, 0);
    assert.equal(held[`assets:provider:stripe ${currency.toUpperCase()}`] ?? 0n, BigInt(sum), currency);
  }
  assert.equal(held['liabilities:unidentified:stripe USD'] ?? 0n, 0n);
  assert.equal(held['liabilities:unidentified:stripe EUR'] ?? 0n, 0n);
}

function rowsOf(profile) {
  const { text, status, said } = run('export', '--profile', profile);
  assert.equal(status, 0, said);
  const [header, ...lines] = text.trim().split('\r\n').map((line) => line.split(','));
  return lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i]])));
}

const giftsOf = (pledge) => rowsOf('gifts').filter((row) => row.pledge === pledge.pledge);

before(async () => {
  world = await newWorld({ clears: true, misbehave: { slow_debit_ms: 86400000 }, configure: (config) => { config.reconcile_minutes = 0; } });
  known.kept = await gift('box-100');
  await world.booked(known.kept, 'cleared');
  assert.equal(run('backup', backup()).status, 0);

  known.once = await gift('box-100');
  known.monthly = await gift('month-10');
  known.refunded = await gift('gift-25');
  known.slow = await gift('gift-25', 'slow_debit');
  known.open = await world.pledge('box-2500');
  for (const name of ['once', 'monthly', 'refunded']) await world.booked(known[name], 'cleared');
  await world.order('renew', { subscription: known.monthly.paid.subscription, outcome: 'succeeded' });
  await world.booked(known.monthly, 'cleared', 2);
  await world.order('refund', { session: known.refunded.session });
  await world.booked(known.refunded, 'refunded');
  await world.booked(known.slow, 'pending');
  await world.toldAll();
  await world.stop();
});
after(() => world.end());

describe('after an older back-up was put back', () => {
  test('a donor’s link leads nowhere, until the next reconciliation', async () => {
    putBack();
    await world.serve();
    assert.equal((await world.thanks(known.kept)).status, 200);
    assert.equal((await world.thanks(known.once)).status, 404);
  });

  test('a reconciliation recalls the pledges at the provider, and books what came for them', async () => {
    const { status, text, said } = reconcile();
    assert.equal(status, 0, said);
    assert.match(text, /^since \S+: events=\d+ sessions=0 recalled=3 owed=0 /m);
    assert.match(text, /^books and provider: equal$/m);
    assert.match(run('park', 'list').text, /^seq,[^\n]*\r?\n$/);
    await assertEqual();
  });

  test('each is written once more with the terms of before, and says so', () => {
    const recalled = world.lines('pledged').filter(({ reason }) => reason === 'recalled');
    assert.deepEqual(recalled.map(({ pledge }) => pledge).sort(), [known.once, known.monthly, known.refunded].map(({ pledge }) => pledge).sort());
    recalled.forEach(holdLine);
    const entry = recalled.find(({ pledge }) => pledge === known.once.pledge);
    assert.equal(entry.refs.session, known.once.session);
    assert.deepEqual([entry.campaign, entry.tier, entry.interval, entry.amount, entry.currency], ['box', 'box-100', 'once', '100.00', 'USD']);
    assert.ok(Date.parse(entry.at) <= Date.parse(entry.time)); // as texts, a second without a fraction is behind one with
    assert.match(run('explain', known.once.pledge).text, /the line that said so was lost, and the provider still knew it/);
  });

  test('what proves it is a MAC over its terms that anybody with the secret can make again', async () => {
    const { metadata } = await world.askProvider(`/v1/checkout/sessions/${known.once.session}`);
    const terms = ['pledge', known.once.pledge, 'stripe', 'box', 'box-100', 'once', '100.00', 'USD'];
    const mac = createHmac('sha256', fs.readFileSync(path.join(backup(), 'receipt.secret'))).update(terms.map((text) => `${text}\0`).join(''));
    assert.equal(metadata.seal, mac.digest('hex'));
  });

  test('the export has the gifts, with the renewal and the refund', () => {
    assert.deepEqual(giftsOf(known.once).map(({ gross, refunded }) => [gross, refunded]), [['100.00', '0.00']]);
    assert.equal(giftsOf(known.monthly).filter(({ gross }) => gross === '10.00').length, 2);
    assert.equal(giftsOf(known.refunded).at(-1).refunded, '25.00');
  });

  test('the old thank-you link and the receipt are good again', async () => {
    assert.equal((await world.receipt(known.once)).state, 'received');
    assert.equal((await world.thanks(known.monthly)).status, 200);
  });

  test('a second run finds nothing new', async () => {
    await world.writesNothing(() => {
      const { status, text, said } = reconcile('--since', '2020-01-01');
      assert.equal(status, 0, said);
      assert.match(text, / recalled=0 owed=0 /);
    });
  });

  test('money that was on its way is recalled when it comes, and a page that was open can still be paid', async () => {
    await world.order('settle', { session: known.slow.session, outcome: 'succeeded' });
    await world.order('pay', { session: known.open.session });
    await world.booked(known.open, 'parked');
    await world.booked(known.slow, 'parked');
    const { status, text, said } = reconcile();
    assert.equal(status, 0, said);
    assert.match(text, / recalled=2 owed=0 /);
    await assertEqual();
    assert.deepEqual(world.kindsOf(known.slow).filter((kind) => kind === 'pending'), []);
    assert.equal((await world.receipt(known.slow)).state, 'received');
  });
});

test('what ended in between is heard of too', async () => {
  const ended = await gift('year-50');
  await world.booked(ended, 'cleared');
  await world.order('cancel', { subscription: ended.paid.subscription });
  await world.booked(ended, 'ended');
  await world.stop();
  putBack();
  await world.serve();
  assert.equal(reconcile().status, 0);
  assert.ok(world.kindsOf(ended).includes('ended'), 'it was nobody’s while the pledge was lost');
  await assertEqual();
});

test('a crash between the pledge and its gift is made good by the next run', async () => {
  const lines = fs.readFileSync(path.join(world.data, 'ledger', fs.readdirSync(path.join(world.data, 'ledger')).find((name) => name.endsWith('.jsonl'))), 'utf8').split('\n');
  await world.stop();
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at].includes('"reason":"recalled"')) continue;
    const segment = path.join(world.data, 'ledger', fs.readdirSync(path.join(world.data, 'ledger')).find((name) => name.endsWith('.jsonl')));
    putBack();
    fs.writeFileSync(segment, `${lines.slice(0, at + 1).join('\n')}\n`);
    await world.serve();
    const { status, said } = reconcile();
    assert.equal(status, 0, said);
    await assertEqual();
    await world.stop();
  }
  await world.serve();
});

test('a provider that does not answer is asked by the next run, which hears of everything', async () => {
  await world.stop();
  putBack();
  await world.serve();
  await world.order('misbehave', { api_count: true, api_status: 500, api_path: '/v1/checkout/sessions' });
  const { status, text } = reconcile();
  assert.equal(status, 2, text);
  assert.match(text, / recalled=0 /);
  await world.order('behave');
  const later = reconcile();
  assert.equal(later.status, 0, later.said);
  assert.match(run('park', 'list').text, /^seq,[^\n]*\r?\n$/);
  await assertEqual();
});

describe('what was not sealed by this ledger stays parked', () => {
  const create = async (metadata, amount = 10000) => {
    const body = new URLSearchParams({
      mode: 'payment', success_url: 'https://elsewhere.example/', 'line_items[0][quantity]': '1', 'line_items[0][price_data][currency]': 'usd',
      'line_items[0][price_data][unit_amount]': String(amount), 'line_items[0][price_data][product_data][name]': 'Forged',
    });
    for (const [name, value] of Object.entries(metadata)) {
      body.set(`metadata[${name}]`, value);
      body.set(`payment_intent_data[metadata][${name}]`, value);
    }
    const answer = await fetch(`${world.provider}/v1/checkout/sessions`, { method: 'POST', headers: { authorization: `Bearer ${world.key}` }, body });
    assert.equal(answer.status, 200);
    return (await answer.json()).id;
  };
  const terms = { campaign: 'box', tier: 'box-100', interval: 'once' };
  let sealed;

  before(async () => {
    sealed = (await world.askProvider(`/v1/checkout/sessions/${known.once.session}`)).metadata;
  });

  const cases = [
    ['another instance’s pledge', () => create({ ...terms, pledge: 'plg_01m88fenffe8ys7xxr8mtk6rcj', seal: 'f'.repeat(64) }), 'plg_01m88fenffe8ys7xxr8mtk6rcj'],
    ['a pledge without a seal', () => create({ ...terms, pledge: 'plg_01m88fenffe8ys7xxr8mtk6rck' }), 'plg_01m88fenffe8ys7xxr8mtk6rck'],
    ['the seal of another pledge', () => create({ ...sealed, pledge: 'plg_01m88fenffe8ys7xxr8mtk6rcm' }), 'plg_01m88fenffe8ys7xxr8mtk6rcm'],
  ];
  for (const [name, make, pledge] of cases)
    test(name, async () => {
      await world.order('pay', { session: await make() });
      await world.booked({ pledge }, 'parked');
      const { text } = reconcile();
      assert.match(text, / recalled=0 /);
      await world.service.says(new RegExp(`event=not-recalled seq=\\d+ account=stripe pledge=${pledge} why="its session's seal is not ours"`));
      assert.ok(!world.kindsOf({ pledge }).includes('pledged'));
    });

  test('a copied seal over a smaller amount or another tier', async () => {
    const lost = await gift('box-100');
    await world.booked(lost, 'cleared');
    const { metadata } = await world.askProvider(`/v1/checkout/sessions/${lost.session}`);
    await world.stop();
    putBack();
    await world.serve();
    await world.order('pay', { session: await create(metadata, 100) });
    await world.order('pay', { session: await create({ ...metadata, tier: 'box-5000' }) });
    await world.booked(lost, 'parked', 2);
    const { text } = reconcile();
    assert.doesNotMatch(text, / recalled=0 /);
    const [entry] = world.of(lost).filter(({ kind }) => kind === 'pledged');
    assert.deepEqual([entry.refs.session, entry.tier, entry.amount], [lost.session, 'box-100', '100.00']);
    assert.equal(giftsOf(lost).length, 1, 'the copies are second payments, and wait for a person');
  });

  test('a session of a forged delivery, which the provider does not have', async () => {
    const pledge = 'plg_01m88fenffe8ys7xxr8mtk6rcn';
    const session = paidSession(pledge, newId('cs_test'), 10000, 'usd', { metadata: { ...sealed, pledge } });
    assert.equal((await world.deliver(event('checkout.session.completed', session))).status, 200);
    await world.booked({ pledge }, 'parked');
    reconcile();
    await world.service.says(new RegExp(`event=not-recalled seq=\\d+ account=stripe pledge=${pledge} why="the provider knows no completed session of it"`));
    assert.ok(!world.kindsOf({ pledge }).includes('pledged'));
  });
});

test('without the receipt secret nothing is recalled: what came waits for a person', async () => {
  await world.stop();
  putBack({ secret: false });
  await world.serve();
  const { text } = reconcile();
  assert.match(text, / recalled=0 /);
  assert.ok(world.kindsOf(known.once).includes('parked'));
  assert.ok(!world.kindsOf(known.once).includes('pledged'));
});
