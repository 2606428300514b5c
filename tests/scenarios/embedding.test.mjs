// What other sites show of us: the page in a frame, the meter as numbers and as a picture, and the lines for that.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { waitFor } from './lib/wait.mjs';
import { newWorld, site } from './lib/world.mjs';

let world;

before(async () => {
  world = await newWorld({
    configure: (config) => {
      config.campaigns[0].meter = { sum: 'net', reset: 'month' };
    },
  });
});
after(() => world.end());

const meter = async (campaign) => (await world.ask(`/v1/meter/${campaign}`)).json;

describe('the meter', () => {
  test('is the same object wherever it is told as JSON', async () => {
    for (const { id, title, currency, meter: told } of (await world.ask('/v1/tiers')).json.campaigns)
      assert.deepEqual(await meter(id), { campaign: id, title, currency, meter: told });
  });

  test('moves with the ledger, with what is on its way apart', async () => {
    const gift = await world.pledge('month-10');
    await world.pay(gift);
    await world.booked(gift, 'settled');
    await waitFor('the gift to be on the meter', async () => (await meter('members')).meter.raised === '10.00');
    const late = await world.pledge('gift-25');
    await world.pay(late, 'slow_debit');
    await world.booked(late, 'pending');
    await waitFor('the late one to be beside it', async () => (await meter('members')).meter.pending === '25.00');
    const { raised, settled, refunded, gifts, since } = (await meter('members')).meter;
    assert.deepEqual({ raised, settled, refunded, gifts, since }, { raised: '10.00', settled: '10.00', refunded: '0.00', gifts: 1, since: undefined });
  });

  test('that begins anew says since when, and one that is net what the fees are', async () => {
    const { since, fees } = (await meter('box')).meter;
    assert.equal(since, `${new Date().toISOString().slice(0, 7)}-01`);
    assert.equal(fees, '0.00');
  });
});

describe('the picture', () => {
  const picture = (path, headers) => world.ask(path, { headers: { 'accept-language': 'de', ...headers } });

  test('has a title and a description in the language that is asked for', async () => {
    assert.match((await picture('/meter/members.svg')).text, /<title id="title">TEST: Friends of the house: .* gesammelt<\/title>\n<desc id="desc">/);
    assert.match((await picture('/meter/members.svg?lang=uk')).text, /lang="uk" direction="ltr"[^]* зібрано<\/title>/);
    assert.match((await picture('/meter/members.svg?lang=ar')).text, /direction="rtl"/);
    assert.match((await picture('/meter/members.svg', { 'accept-language': 'zh' })).text, / raised<\/title>/);
  });

  test('may be shown anywhere, and may do nothing but have its style', async () => {
    const answer = await picture('/meter/box.svg');
    const [, style] = /<style>([^<]*)<\/style>/.exec(answer.text);
    const hash = createHash('sha256').update(style).digest('base64');
    assert.equal(answer.header('content-security-policy'), `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`);
    assert.equal(answer.header('cross-origin-resource-policy'), 'cross-origin');
    assert.match(answer.header('vary'), /Accept-Language/);
  });
});

describe('the framed page', () => {
  const browser = { accept: 'text/html' };

  test('may be framed by the configured sites and by nobody else', async () => {
    for (const path of ['/embed/box', '/embed/box?lang=de', '/embed/box?tier=box-2500']) {
      const framed = await world.ask(path, { headers: browser });
      assert.equal(framed.header('x-frame-options'), undefined);
      assert.ok(framed.header('content-security-policy').includes(`; frame-ancestors ${site};`), path);
    }
    for (const path of ['/c/box', '/embed/nothing', '/nowhere']) {
      const strict = await world.ask(path, { headers: browser });
      assert.equal(strict.header('x-frame-options'), 'DENY');
      assert.match(strict.header('content-security-policy'), /frame-ancestors 'none'/);
    }
  });

  test('leads out of its frame with everything, and has neither our name nor a foot', async () => {
    const page = (await world.ask('/embed/members?tier=year-50&lang=fr', { headers: browser })).text;
    assert.match(page, /<base target="_top">/);
    assert.match(page, /value="year-50"[^>]* checked/);
    assert.match(page, /<html lang="fr"/);
    assert.match(page, /name="lang" value="fr"/);
    assert.match(page, /class="test"/);
    assert.doesNotMatch(page, /<footer|class="bar"/);
    assert.doesNotMatch((await world.ask('/c/members', { headers: browser })).text, /<base/);
  });
});

describe('the lines to copy', () => {
  test('hold the addresses and ids of this installation, and each of them works', async () => {
    const page = await world.askOperator('/snippets', { headers: { accept: 'text/html' } });
    const text = page.text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#123;', '{');
    const addresses = [...text.matchAll(/(?:href|src)="(http[^"]*)"/g)].map(([, address]) => address)
      .filter((address) => !address.includes('{{')); // Hugo fills that in
    for (const words of ['In WordPress', 'In Ghost', 'In Hugo', '{{< support "box" >}}']) assert.ok(text.includes(words), words);
    assert.ok(addresses.length >= 5 * world.config.campaigns.length);
    for (const address of new Set(addresses)) {
      assert.ok(address.startsWith(`${world.origin}/`), address);
      assert.equal((await world.ask(address.slice(world.origin.length))).status, 200, address);
    }
    for (const [, tier] of text.matchAll(/name="tier" value="([^"]*)"/g)) assert.equal((await world.pressForm({ tier })).status, 303, tier);
    assert.ok(page.text.includes(site));
    assert.match((await world.askOperator('/')).text, /href="\/snippets"/);
  });
});
