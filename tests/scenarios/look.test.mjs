// The organisation's colours, logo and foot: on everything that donors see, under a policy that knows them by their hash.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const pictures = path.join(import.meta.dirname, '../config/pictures');
const browser = { accept: 'text/html' };
const hostile = '"><script>alert(1)</script> & {{title}}';
let world;

before(async () => {
  world = await newWorld({
    configure: (config, self) => {
      config.look = {
        light: { accent: '#8a1c5b' },
        logo_file: path.join(self.folder, 'logo'), logo_text: `Logo ${hostile}`, foot: `Foot ${hostile}`,
        links: [{ text: `Notice ${hostile}`, url: 'https://www.example.org/notice?a=1&b=2' }],
      };
      fs.copyFileSync(path.join(pictures, 'logo.svg'), path.join(self.folder, 'logo'));
    },
  });
});
after(() => world.end());

// The page again with another look.
async function reconfigure(change, path_, pattern) {
  change(world.config.look);
  fs.writeFileSync(world.configFile, JSON.stringify(world.config));
  world.service.interrupt('SIGHUP');
  return waitFor('the new look', async () => {
    const answer = await world.ask(path_, { headers: browser });
    return pattern.test(answer.text) && answer;
  });
}

describe('the colours', () => {
  test('stand behind the style of every page and picture, and its policy allows just that', async () => {
    for (const path_ of ['/', '/c/box', '/embed/box?lang=ar', '/c/nothing', '/meter/box.svg']) {
      const answer = await world.ask(path_, { headers: browser });
      const [, style] = /<style>([^<]*)<\/style>/.exec(answer.text);
      const hash = createHash('sha256').update(style).digest('base64');
      assert.match(style, /:root\{--accent:#8a1c5b;[^}]*\}@media screen and \(prefers-color-scheme:dark\)\{:root\{--accent:#[0-9a-f]{6};[^}]*\}\}$/);
      assert.match(answer.header('content-security-policy'), new RegExp(`style-src 'sha256-${RegExp.escape(hash)}';`));
      assert.doesNotMatch(answer.header('content-security-policy'), /unsafe/);
    }
  });

  test('are those of the picture in the browser\'s tab', async () => {
    const icon = await world.ask('/icon.svg');
    assert.match(icon.text, /^<svg [^>]*><rect [^>]*fill="#8a1c5b"\/><path [^>]*fill="#ffffff"\/><\/svg>\n$/);
    assert.equal((await world.ask('/icon.svg', { headers: { 'if-none-match': icon.header('etag') } })).status, 304);
  });

  test('are the button\'s on other sites', async () => {
    const script = (await world.ask('/button.js')).text;
    assert.match(script, /\n\.box\{--accent:#8a1c5b;[^}]*\}@supports\(color:light-dark\(#000,#fff\)\)\{\.box\{--accent:light-dark\(#8a1c5b,#[0-9a-f]{6}\);/);
    new Function(script);
  });

  test('that nobody could read are refused, and the old ones stay', async () => {
    const before_ = structuredClone(world.config.look);
    world.config.look.light.accent = '#ff9900';
    fs.writeFileSync(world.configFile, JSON.stringify(world.config));
    world.service.interrupt('SIGHUP');
    await world.service.says(/event=configuration-problem line=1 column=\d+ why="links on the page in light: #ff9900 on #f6f4ef has a contrast of 1\.94:1/);
    assert.match((await world.ask('/c/box', { headers: browser })).text, /--accent:#8a1c5b/);
    world.config.look = before_;
    fs.writeFileSync(world.configFile, JSON.stringify(world.config));
  });
});

describe('the logo', () => {
  test('stands in place of the name, and comes from us', async () => {
    const page = (await world.ask('/c/box', { headers: browser })).text;
    assert.match(page, /<img class="logo" src="\/logo" alt="Logo &quot;&gt;&lt;script&gt;[^"]*">/);
    const logo = await world.ask('/logo');
    assert.equal(logo.header('content-type'), 'image/svg+xml');
    assert.equal(logo.text, fs.readFileSync(path.join(pictures, 'logo.svg'), 'utf8'));
    assert.equal(logo.header('content-security-policy'), "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox");
    assert.equal((await world.ask('/logo', { headers: { 'if-none-match': logo.header('etag') } })).status, 304);
  });

  test('is what its bytes are, whatever it is called', async () => {
    fs.copyFileSync(path.join(pictures, 'logo.png'), path.join(world.folder, 'logo'));
    world.service.interrupt('SIGHUP');
    await waitFor('the other logo', async () => (await world.ask('/logo')).header('content-type') === 'image/png');
  });

  test('is nothing where there is none', async () => {
    await reconfigure((look) => { delete look.logo_file; }, '/c/box', /<svg class="mark"/);
    assert.equal((await world.ask('/logo')).status, 404);
  });
});

test('the foot stays text', async () => {
  const page = (await world.ask('/c/box', { headers: browser })).text;
  assert.match(page, /<p>Foot &quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt; &amp; \{\{title\}\}<\/p>/);
  assert.match(page, /<a href="https:\/\/www\.example\.org\/notice\?a=1&amp;b=2">Notice &quot;&gt;&lt;script&gt;/);
});

// Ten segments are what a server may send before it hears from a new reader (RFC 6928).
test('the first page, and the one after paying, come in one round trip', async () => {
  const pledge = await world.pledge('box-100');
  for (const path_ of ['/', '/c/box', '/c/members', '/c/members?lang=ar', '/thanks/nothing', `/thanks/${pledge.receipt}`, `/thanks/${pledge.receipt}?lang=uk`]) {
    const bytes = await new Promise((resolve, reject) => {
      const request = http.get(world.origin + path_, { agent: false, headers: { ...browser, 'accept-encoding': 'gzip, br' } }, (answer) => {
        const { socket } = answer;
        answer.resume().on('end', () => resolve(socket.bytesRead));
      });
      request.on('error', reject);
    });
    assert.ok(bytes > 1000 && bytes <= 10 * 1460, `${path_}: ${bytes}`);
  }
});
