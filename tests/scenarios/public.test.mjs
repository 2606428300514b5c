// What anybody is shown: pages, tiers, receipts, to browsers, scripts of the sites and programs.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { send, sendRaw } from './lib/http.mjs';
import { hold } from './lib/contract.mjs';
import { refused, refusedEarly } from './lib/hostile.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld, site } from './lib/world.mjs';

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let world;

before(async () => { world = await newWorld({ configure: (config) => { config.campaigns[2].language = 'ja'; } }); });
after(() => world.end());

// So many scripts stand in a page, and the policy knows each by its hash and allows nothing else.
function assertScripts(page, count) {
  const scripts = [...page.text.matchAll(/<script>([^<]*)<\/script>/g)].map((match) => createHash('sha256').update(match[1]).digest('base64'));
  const policy = page.header('content-security-policy');
  assert.equal(scripts.length, count);
  assert.equal([...page.text.matchAll(/<script| on[a-z]+=|javascript:/gi)].length, count);
  assert.deepEqual([...policy.matchAll(/script-src ([^;]*)/g)].map((match) => match[1]), scripts.map((hash) => `'sha256-${hash}'`));
  assert.equal(policy.includes("connect-src 'self'"), count > 0);
  assert.doesNotMatch(policy, /unsafe/);
}

describe('pages', () => {
  test('every link, picture and form of every page leads somewhere', async () => {
    const pledge = await world.pledge('month-10');
    const todo = ['/', '/c/box', '/c/members?tier=month-10', `/thanks/${pledge.receipt}`, '/nowhere'];
    const seen = new Set();
    while (todo.length > 0) {
      const path = todo.pop();
      if (seen.has(path)) continue;
      seen.add(path);
      const page = await world.ask(path, { headers: browser });
      assert.equal(page.status, path === '/nowhere' ? 404 : 200, path);
      if (!page.header('content-type').startsWith('text/html')) continue;
      for (const [, target] of page.text.matchAll(/(?:href|src)="([^"#][^"]*)"/g)) {
        if (target.startsWith('mailto:') || target.startsWith('http')) continue;
        const found = new URL(target.replaceAll('&amp;', '&'), `${world.origin}${path}`);
        todo.push(`${found.pathname}${found.search}`);
      }
      for (const [, action] of page.text.matchAll(/<form[^>]* action="([^"]*)"/g)) assert.equal(action, '/v1/checkout');
      assertScripts(page, path.startsWith('/thanks/') ? 1 : 0);
    }
    assert.ok(seen.size > 6);
  });

  test('names and texts of the configuration cannot leave their place', async () => {
    const page = await world.ask('/c/box', { headers: browser });
    assert.match(page.text, /Every gift &lt;keeps&gt; the lights on &amp; the door open\./);
    assert.match(page.text, /Example &amp; Sons/);
  });

  test('a test ledger’s pages say TEST', async () => {
    for (const path of ['/', '/c/box', '/nowhere']) assert.match((await world.ask(path, { headers: browser })).text, /TEST/);
  });

  test('the address goes before the campaign, the campaign before the browser, and the browser before English', async () => {
    const language = async (path, wanted) => {
      const page = await world.ask(path, { headers: { ...browser, ...(wanted && { 'accept-language': wanted }) } });
      return /<html lang="(..)" dir="(...)">/.exec(page.text).slice(1).join(' ');
    };
    assert.equal(await language('/c/box'), 'en ltr');
    assert.equal(await language('/c/box', 'zh, de-AT;q=0.9, en;q=0.8'), 'de ltr');
    assert.equal(await language('/c/box', 'ar-EG'), 'ar rtl');
    assert.equal(await language('/c/box', 'zh'), 'en ltr');
    assert.equal(await language('/c/box?lang=uk', 'de'), 'uk ltr');
    assert.equal(await language('/c/box?lang=tlh', 'de'), 'de ltr');
    assert.equal(await language(`/?utm_source=${'x'.repeat(300)}&lang=ja`, 'de'), 'ja ltr');
    assert.equal(await language('/nowhere?lang=fr'), 'fr ltr');
    const pledge = await world.pledge('kyoto-3000');
    for (const path of ['/c/kyoto', '/embed/kyoto', `/thanks/${pledge.receipt}`]) {
      assert.equal(await language(path, 'de'), 'ja ltr', path);
      assert.equal(await language(`${path}?lang=uk`, 'de'), 'uk ltr', path);
    }
    // Made when it is asked for first, and then the same for everyone.
    const [one, two] = await Promise.all([1, 2].map(() => world.ask('/c/box', { headers: { 'accept-language': 'es' } })));
    assert.equal(one.header('etag'), two.header('etag'));
    assert.equal(one.header('vary'), 'Accept-Language, Accept-Encoding');
    assert.notEqual(one.header('etag'), (await world.ask('/c/box')).header('etag'));
  });

  test('who asked for a language keeps it on the whole way', async () => {
    const page = await world.ask('/c/members?lang=de&tier=gift-25', { headers: browser });
    assert.match(page.text, /<input type="hidden" name="lang" value="de">/);
    const answer = await world.pressForm({ tier: 'gift-25', lang: 'de' });
    assert.equal(answer.status, 303, answer.text);
    const session = await world.askProvider(`/v1/checkout/sessions/${answer.header('location').split('/').at(-1)}`);
    assert.match(session.success_url, /\/thanks\/rcp_\w+\?lang=de$/);
    assert.equal(session.cancel_url, `${world.origin}/c/members?tier=gift-25&lang=de`);
    const thanks = await world.ask(new URL(session.success_url).pathname + '?lang=de', { headers: browser });
    assert.match(thanks.text, /Wir warten auf Ihre Zahlung/);
    assert.match(thanks.text, /href="\/c\/members\?tier=gift-25&amp;lang=de"/);
    assert.equal((await world.pressForm({ tier: 'gift-25', lang: 'tlh' })).status, 400);
    assert.equal((await world.press('gift-25', { lang: 'uk' })).status, 201);
  });

  test('a link may choose the tier, and what it cannot choose is passed over', async () => {
    const chosen = async (path) => {
      const page = await world.ask(path, { headers: browser });
      assert.equal(page.status, 200, path);
      const often = [...page.text.matchAll(/<input type="radio" name="often" id="often-([^"]*)" checked>/g)].map(([, every]) => every);
      assert.equal(often.length, 1, 'one interval is open');
      const form = page.text.split('<form').find((each) => each.slice(0, each.indexOf('>')).includes(often[0]));
      return [...form.matchAll(/<input type="radio" name="tier" value="([^"]*)"[^>]* checked/g)].map(([, tier]) => tier);
    };
    assert.deepEqual(await chosen('/c/members'), ['month-10']);
    assert.deepEqual(await chosen('/c/members?tier=gift-25'), ['gift-25']);
    for (const query of ['tier=box-100', 'tier=nothing', 'tier=', 'tier', `tier=${'x'.repeat(500)}`, '', 'tier=%22%3E%3Cscript%3E', 'tier=%ff', '&&&'])
      assert.deepEqual(await chosen(`/c/members?${query}`), ['month-10'], query);
    assert.deepEqual(await chosen('/c/members?utm_source=x&tier=year-50&tier=gift-25'), ['year-50']);
  });

  test('a campaign that there is not: 404, as a page for a browser and a problem for a program', async () => {
    for (const path of ['/c/nothing', '/c/', '/c/box/', '/c/BOX', '/c/box/x', '/nowhere', '//', '/v1', '/v1/tiers/', '/webhooks/', '/embed/', '/embed/nothing', '/v1/button/nothing', '/button.js/', '/v1/meter/', '/v1/meter/nothing', '/meter/box', '/meter/.svg', '/meter/nothing.svg', '/meter/box.svg.svg', '/meter/box/x.svg', '/%2f', '/c/%62ox']) {
      const page = await world.ask(path, { headers: browser });
      assert.equal(page.status, 404, path);
      assert.match(page.header('content-type'), /^text\/html/);
      // The one way on, and nothing is offered to be tried again that will not be there then either.
      assert.deepEqual([...page.text.match(/<main[^]*<\/main>/)[0].matchAll(/<a [^>]*href="([^"]*)">([^<]*)/g)].map((link) => link.slice(1)), [['/', 'Go to the start page']], path);
      assert.equal((await world.ask(path)).header('content-type'), 'application/problem+json');
    }
  });
});

describe('the same bytes for everyone', () => {
  const paths = ['/', '/c/box', '/embed/box', '/c/members', '/v1/tiers', '/v1/meter/box', '/meter/box.svg', '/button.js', '/v1/button/box'];

  test('are not sent again to whoever has them', async () => {
    for (const path of paths) {
      const first = await world.ask(path);
      const etag = first.header('etag');
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await world.ask(path, { headers: { 'if-none-match': known } });
        assert.equal(again.status, 304, `${path} ${known}`);
        assert.equal(again.header('etag'), etag);
        assert.equal(again.body.length, 0);
      }
      for (const other of ['"other"', etag.replaceAll('"', ''), `"x${etag.slice(1)}`])
        assert.equal((await world.ask(path, { headers: { 'if-none-match': other } })).status, 200, other);
    }
  });

  test('come compressed to whoever wants that, with an ETag of their own', async () => {
    for (const path of paths) {
      const plain = await world.ask(path);
      for (const accept of ['gzip', 'gzip, deflate, br', 'br;q=1.0, gzip;q=0.8, *;q=0.1', 'GZIP']) {
        const packed = await world.ask(path, { headers: { 'accept-encoding': accept } });
        assert.equal(packed.header('content-encoding'), 'gzip', accept);
        assert.deepEqual(gunzipSync(packed.body), plain.body);
        assert.notEqual(packed.header('etag'), plain.header('etag'));
        const again = await world.ask(path, { headers: { 'accept-encoding': accept, 'if-none-match': packed.header('etag') } });
        assert.equal(again.status, 304);
      }
      for (const accept of ['identity', 'br', 'gzip;q=0', 'gzip;q=0.0', 'deflate, gzip;q=0', ''])
        assert.equal((await world.ask(path, { headers: { 'accept-encoding': accept } })).header('content-encoding'), undefined, accept);
    }
  });

  test('change when money has arrived', async () => {
    const before = await world.ask('/v1/tiers');
    const pledge = await world.pledge('box-2500');
    await world.pay(pledge);
    const after_ = await waitFor('another ETag', async () => {
      const answer = await world.ask('/v1/tiers', { headers: { 'if-none-match': before.header('etag') } });
      return answer.status === 200 && answer;
    });
    assert.equal(after_.json.campaigns[0].meter.raised, '2500.00');
    assert.match((await world.ask('/c/box')).text, /2,500/);
  });

  test('HEAD tells the same without the body', async () => {
    const pledge = await world.pledge('gift-25');
    for (const path of [...paths, '/healthz', '/readyz', `/thanks/${pledge.receipt}`, `/v1/receipts/${pledge.receipt}`, '/nowhere', '/icon.svg']) {
      const get = await world.ask(path);
      const head = await world.ask(path, { method: 'HEAD' });
      assert.equal(head.status, get.status, path);
      const without = ({ pairs }) => pairs.filter(([name]) => !['date', 'connection'].includes(name));
      assert.deepEqual(without(head), without(get), path);
    }
  });
});

describe('a donor’s own pages', () => {
  test('open with the receipt token only', async () => {
    const pledge = await world.pledge('gift-25');
    const wrong = [
      pledge.pledge, pledge.session, pledge.receipt.slice(0, -1), `${pledge.receipt}0`, pledge.receipt.toUpperCase(), pledge.receipt.replace('rcp_', 'plg_'),
      `rcp_${pledge.pledge.slice(4)}`, 'rcp_00000000000000000000000000', `${pledge.receipt}%20`, `%72cp_${pledge.receipt.slice(4)}`, '*', '%2e%2e', 'x'.repeat(3000),
    ];
    for (const token of wrong)
      for (const path of ['/thanks/', '/v1/receipts/']) assert.equal((await world.ask(`${path}${token}`)).status, 404, token);
  });

  test('tell what the ledger says, whatever the way back from the provider claims', async () => {
    const pledge = await world.pledge('gift-25');
    for (const claim of ['?paid=true', '?status=succeeded', `?session_id=${pledge.session}&payment_status=paid`, '?redirect_status=succeeded&payment_intent=pi_1', '?cancelled']) {
      assert.equal((await world.ask(`/v1/receipts/${pledge.receipt}${claim}`)).json.state, 'waiting');
      assert.doesNotMatch((await world.ask(`/thanks/${pledge.receipt}${claim}`)).text, /Thank you/);
    }
  });

  test('are kept by nobody on the way and lead nowhere by themselves', async () => {
    const pledge = await world.pledge('gift-25');
    const page = await world.thanks(pledge);
    assert.equal(page.header('cache-control'), 'no-store');
    assert.equal(page.header('referrer-policy'), 'no-referrer');
  });

  test('of one donor are not another’s', async () => {
    const [one, two] = [await world.pledge('gift-25'), await world.pledge('box-100')];
    await world.pay(one);
    await waitFor('the first', async () => (await world.receipt(one)).state === 'received');
    assert.equal((await world.receipt(two)).state, 'waiting');
  });

  test('stay the same address after a restart', async () => {
    const pledge = await world.pledge('gift-25');
    await world.stop();
    await world.serve();
    assert.equal((await world.receipt(pledge)).pledge, pledge.pledge);
    const after_ = await world.pledge('gift-25');
    assert.equal((await world.receipt(after_)).state, 'waiting');
  });
});

describe('scripts of the sites', () => {
  test('may read tiers, checkouts and receipts, and nobody else may', async () => {
    const pledge = await world.pledge('gift-25');
    const asks = [['/v1/tiers'], ['/v1/meter/box'], ['/v1/button/box'], [`/v1/receipts/${pledge.receipt}`], ['/v1/receipts/none'],
      ['/v1/checkout', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"tier":"gift-25"}' }],
      ['/v1/checkout', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"tier":"none"}' }],
      ['/v1/checkout', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }]];
    for (const [path, options = {}] of asks) {
      const from = (origin) => world.ask(path, { ...options, headers: { ...options.headers, origin } });
      assert.equal((await from(site)).header('access-control-allow-origin'), site, path);
      for (const other of ['https://evil.example', 'http://www.example.org', 'https://www.example.org.evil.example', 'https://www.example.org:8443', 'null', `${site}/`, site.toUpperCase()]) {
        const answer = await from(other);
        assert.equal(answer.header('access-control-allow-origin'), undefined, other);
        assert.match(answer.header('vary'), /Origin/);
      }
      assert.equal((await world.ask(path, options)).header('access-control-allow-credentials'), undefined);
    }
  });

  test('may not read pages, webhooks or health', async () => {
    for (const path of ['/', '/c/box', '/healthz', '/readyz', '/nowhere'])
      assert.equal((await world.ask(path, { headers: { origin: site } })).header('access-control-allow-origin'), undefined, path);
  });

  test('are told before what they may send', async () => {
    const ask = (path, origin, method) => world.ask(path, {
      method: 'OPTIONS', headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type,idempotency-key' },
    });
    const good = await ask('/v1/checkout', site, 'POST');
    assert.equal(good.status, 204);
    assert.equal(good.header('access-control-allow-origin'), site);
    assert.equal(good.header('access-control-allow-methods'), 'POST');
    assert.match(good.header('access-control-allow-headers'), /Content-Type.*Idempotency-Key/);
    assert.equal((await ask('/v1/checkout', 'https://evil.example', 'POST')).header('access-control-allow-origin'), undefined);
    assert.equal((await ask('/v1/tiers', site, 'GET')).header('access-control-allow-methods'), 'GET');
    assert.equal((await ask('/v1/meter/box', site, 'GET')).header('access-control-allow-methods'), 'GET');
    assert.equal((await ask('/', site, 'GET')).status, 405);
    assert.equal((await ask('/webhooks/stripe', site, 'POST')).status, 405);
    assert.equal((await ask('/nowhere', site, 'GET')).status, 404);
  });
});

describe('health', () => {
  test('the process answers, and gifts can be taken', async () => {
    assert.deepEqual((await world.ask('/healthz')).json, { status: 'ok' });
    assert.deepEqual((await world.ask('/readyz')).json, { status: 'ready' });
  });
});

describe('malformed requests', () => {
  for (const [name, [status, bytes]] of Object.entries(refused))
    test(`${name}: ${status} and the end of the connection`, async () => {
      const raw = await sendRaw(world.origin, bytes);
      const [head, ...rest] = raw.split('\r\n\r\n');
      const [first, ...fields] = head.split('\r\n');
      assert.equal(Number(first.split(' ')[1]), status, raw);
      assert.equal(raw.match(/HTTP\/1\.1 /g).length, 1, 'one answer only');
      const pairs = fields.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
      const header = (wanted) => pairs.filter(([key]) => key === wanted).map(([, value]) => value).join(', ') || undefined;
      const body = Buffer.from(rest.join('\r\n\r\n'), 'latin1');
      const [method, target] = bytes.split(' ');
      hold('public', { method, path: target.startsWith('/') ? target : '/nowhere' }, { status, pairs, header, body, text: body.toString() });
      assert.equal(header('connection'), 'close');
      assert.equal(header('content-type'), 'application/problem+json');
    });

  for (const [name, [status, bytes]] of Object.entries(refusedEarly))
    test(`${name}: ${status} in the library’s words, and the end of the connection`, async () => {
      const raw = await sendRaw(world.origin, bytes);
      assert.match(raw, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(raw, /^Connection: close\r$/m);
      assert.doesNotMatch(raw, /xxxx/);
    });

  test('and whoever sends them does not disturb the others', async () => {
    assert.equal((await send(world.origin, { path: '/healthz' })).status, 200);
  });
});
