// What donors see as static files: the service's own bytes, always whole, touched only when they change.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Child, pledger } from './lib/processes.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;
let folder;

before(async () => {
  world = await newWorld({ configure: (config) => { config.campaigns[2].language = 'ja'; } });
  folder = path.join(world.folder, 'published');
  fs.mkdirSync(folder);
});
after(() => world.end());

const read = (name) => fs.readFileSync(path.join(folder, name), 'utf8');
const publish = (...args) => world.run('publish', folder, '--config', world.configFile, ...args);
const names = () => fs.readdirSync(folder).sort();
const served = async (path_) => (await world.ask(path_, { headers: { 'accept-language': 'en' } })).text;
const expected = ['box', 'kyoto', 'members'].flatMap((id) => [`${id}.fragment.html`, `${id}.meter.json`, `${id}.meter.svg`]).concat('tiers.json');

// The configuration as it is after this change.
function reconfigure(change) {
  change(world.config);
  fs.writeFileSync(world.configFile, JSON.stringify(world.config, null, 2));
}

async function assertAsServed() {
  for (const id of ['box', 'kyoto', 'members']) {
    assert.equal(read(`${id}.meter.json`), await served(`/v1/meter/${id}`));
    assert.equal(read(`${id}.meter.svg`), await served(`/meter/${id}.svg`));
  }
  assert.equal(read('tiers.json'), await served('/v1/tiers'));
}

// The watcher writes a moment before or after the service shows the same entry.
const becomesAsServed = (what) => waitFor(what, () => assertAsServed().then(() => true, () => false));

describe('pledger publish', () => {
  test('writes what the service answers, readable by a web server', async () => {
    const gift = await world.pledge('box-100');
    await world.pay(gift);
    await world.booked(gift, 'settled');
    await waitFor('the meter to move', async () => (await served('/v1/meter/box')).includes('"100.00"'));
    const { status, stdout, stderr } = publish();
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^ok: seq \d+, 10 files, 10 written, 0 removed\n$/);
    assert.deepEqual(names(), expected);
    await assertAsServed();
    for (const name of names()) assert.equal(fs.statSync(path.join(folder, name)).mode & 0o777, 0o644);
  });

  test('writes a fragment that leads to the public address, in the language of the campaign', () => {
    const fragment = read('box.fragment.html');
    assert.match(fragment, /^<div class="pledger" role="group" lang="en"/);
    assert.ok(fragment.includes(`<form class="pledger-form" method="post" action="${world.origin}/v1/checkout">`));
    assert.ok(fragment.includes(`href="${world.origin}/c/box"`));
    assert.match(fragment, /<strong>\$100<\/strong> raised of \$5,000/);
    assert.equal((fragment.match(/ checked/g) ?? []).length, 1);
    assert.ok(!/<script|style=|<style| on[a-z]+=/.test(fragment));
    assert.match(read('kyoto.fragment.html'), /^<div class="pledger" role="group" lang="ja"/);
  });

  test('touches nothing that has not changed', () => {
    const before_ = names().map((name) => fs.statSync(path.join(folder, name)).mtimeMs);
    assert.match(publish().stdout, / 10 files, 0 written, 0 removed\n$/);
    assert.deepEqual(names().map((name) => fs.statSync(path.join(folder, name)).mtimeMs), before_);
  });

  test('writes every language beside it, and takes that away again where it is not asked for', () => {
    assert.match(publish('--languages').stdout, / 52 files, 42 written, 0 removed\n$/);
    assert.match(read('box.fragment.ar.html'), /lang="ar" dir="rtl"[^]*\/c\/box\?lang=ar"[^]*name="lang" value="ar"/);
    assert.equal(read('kyoto.meter.ja.svg'), read('kyoto.meter.svg'));
    assert.match(publish().stdout, / 10 files, 0 written, 42 removed\n$/);
    assert.deepEqual(names(), expected);
  });

  test('removes what a campaign that is gone left, half a file too, and nothing of anybody else', () => {
    const foreign = ['index.html', 'gone.meter.svg.bak', 'Gone.meter.svg', 'gone.html', '.gone.meter.svg', 'gone.meter.xx.svg', 'gone.meter.de.json'];
    for (const name of ['gone.meter.json', 'gone.fragment.de.html', 'gone.meter.svg.new', ...foreign]) fs.writeFileSync(path.join(folder, name), '');
    assert.match(publish().stdout, / 10 files, 0 written, 2 removed\n$/);
    assert.deepEqual(names(), [...expected, ...foreign].sort());
    for (const name of foreign) fs.rmSync(path.join(folder, name));
  });

  test('says what is wrong', () => {
    const nowhere = world.run('publish', path.join(folder, 'nowhere'), '--config', world.configFile);
    assert.deepEqual([nowhere.status, nowhere.stderr], [4, 'pledger publish: cannot open the folder to publish in: No such file or directory\n']);
    assert.equal(world.run('publish', folder).status, 2);
    const before = fs.readdirSync(world.data, { recursive: true });
    for (const inside of [world.data, path.join(world.data, 'ledger')]) {
      const { status, stderr } = world.run('publish', inside, '--config', world.configFile);
      assert.deepEqual([status, stderr], [1, `pledger publish: ${inside} is the data directory, or inside it\n`]);
    }
    assert.deepEqual(fs.readdirSync(world.data, { recursive: true }), before);
  });
});

describe('pledger publish --watch', () => {
  let watcher;

  before(async () => {
    watcher = new Child(pledger, ['publish', folder, '--config', world.configFile, '--watch']);
    await watcher.says(/^ok: seq /m);
  });

  test('keeps up with the ledger, and no reader ever sees half a file', async () => {
    let reading = true;
    let reads = 0;
    const readers = (async () => {
      while (reading) {
        for (const name of expected) {
          const text = read(name);
          assert.ok(name.endsWith('json') ? JSON.parse(text) : /<\/(svg|div)>\n$/.test(text), name);
          reads++;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let i = 0; i < 3; i++) {
      const gift = await world.pledge('box-100');
      await world.pay(gift);
      await world.booked(gift, 'settled');
      await waitFor('the file', () => read('box.meter.json').includes(`"raised":"${i + 2}00.00"`));
      await becomesAsServed('the files to be as the service answers');
    }
    reading = false;
    await readers;
    assert.ok(reads > 100);
  });

  test('reads the configuration again at SIGHUP, and keeps the old one where the new one is wrong', async () => {
    reconfigure((config) => { config.campaigns[0].title = 'A new title'; });
    world.service.interrupt('SIGHUP');
    watcher.interrupt('SIGHUP');
    await waitFor('the new title', () => read('box.meter.json').includes('A new title'));
    await becomesAsServed('the service to follow');
    reconfigure((config) => { config.campaigns[0].currency = 'no currency'; });
    watcher.interrupt('SIGHUP');
    await watcher.says(/pledger\.json:\d+:\d+: /);
    reconfigure((config) => { config.campaigns[0].currency = 'USD'; });
    assert.ok(watcher.running);
  });

  test('goes on where the service is killed and started again', async () => {
    await world.kill();
    await world.serve();
    const gift = await world.pledge('gift-25');
    await world.pay(gift);
    await world.booked(gift, 'settled');
    await waitFor('the file', () => read('members.meter.json').includes('"raised":"25.00"'));
    await becomesAsServed('the files to be as the service answers');
  });

  test('ends at SIGTERM and leaves nothing behind', async () => {
    await watcher.stop();
    assert.deepEqual(names(), expected);
  });
});
