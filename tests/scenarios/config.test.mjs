// The program and the schema judge the same configurations, and agree wherever a schema can say it.
// A bad file's .expect has a line for each mistake: "LINE:COLUMN text".
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';

const here = import.meta.dirname;
const corpus = path.join(here, '../config');
const root = path.join(here, '../..');
const pledger = process.env.PLEDGER ?? path.join(root, 'build/asan/pledger');
const schema = JSON.parse(fs.readFileSync(path.join(root, 'schemas/config.schema.json'), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false }).compile(schema);

let folder;

// Modes do not survive a checkout: each secret gets the one its name ends in, else 0600.
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pledger-config-'));
  fs.cpSync(corpus, folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'pictures/large.svg'), `<svg xmlns="http://www.w3.org/2000/svg">${' '.repeat(128 * 1024)}</svg>`);
  for (const name of fs.readdirSync(path.join(folder, 'secrets')))
    fs.chmodSync(path.join(folder, 'secrets', name), parseInt(/-(0[0-7]{3})$/.exec(name)?.[1] ?? '0600', 8));
});

after(() => fs.rmSync(folder, { recursive: true, force: true }));

const names = (kind) => fs.readdirSync(path.join(corpus, kind)).filter((name) => name.endsWith('.json')).sort();

function check(file) {
  const { status, stdout, stderr } = spawnSync(pledger, ['check', file], { encoding: 'utf8' });
  const mistakes = stderr.split('\n').filter((line) => line !== '').map((line) => {
    assert.ok(line.startsWith(file), line);
    return line.slice(file.length + 1);
  });
  return { status, stdout, mistakes };
}

function checkText(name, text) {
  const file = path.join(folder, 'good', name);
  fs.writeFileSync(file, text);
  return check(file);
}

function schemaAccepts(bytes) {
  try {
    return validate(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)));
  } catch {
    return false;
  }
}

function assertMistakes(kind, name) {
  const expected = fs.readFileSync(path.join(corpus, kind, name.replace(/json$/, 'expect')), 'utf8').trimEnd().split('\n');
  const { status, stdout, mistakes } = check(path.join(folder, kind, name));
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.equal(mistakes.length, expected.length, mistakes.join('\n'));
  expected.forEach((line, i) => {
    const [, place, text] = /^(\d+:\d+) (.*)$/.exec(line);
    assert.ok(mistakes[i].startsWith(`${place}: `), `${mistakes[i]}, expected at ${place}`);
    assert.ok(mistakes[i].includes(text), `${mistakes[i]}, expected ${text}`);
    assert.doesNotMatch(mistakes[i], /corpus|whsec_next/, 'a secret is told');
  });
}

describe('a good configuration is accepted by program and schema', () => {
  for (const name of names('good'))
    test(name, () => {
      const { status, stdout, mistakes } = check(path.join(folder, 'good', name));
      assert.deepEqual(mistakes, []);
      assert.equal(status, 0);
      assert.match(stdout, /: ok \(\d+ campaigns?, \d+ tiers?, \d+ accounts?, (test|live)\)\n$/);
      assert.ok(schemaAccepts(fs.readFileSync(path.join(corpus, 'good', name))), JSON.stringify(validate.errors));
    });
});

describe('a bad configuration is refused by program and schema', () => {
  for (const name of names('bad'))
    test(name, () => {
      assertMistakes('bad', name);
      assert.ok(!schemaAccepts(fs.readFileSync(path.join(corpus, 'bad', name))), 'the schema accepts it');
    });
});

describe('what a schema cannot say is refused by the program', () => {
  for (const name of names('bad-beyond-schema'))
    test(name, () => {
      assertMistakes('bad-beyond-schema', name);
      assert.ok(schemaAccepts(fs.readFileSync(path.join(corpus, 'bad-beyond-schema', name))),
        `the schema can say it: ${JSON.stringify(validate.errors)}`);
    });
});

describe('program and schema have the same currencies with the same decimals', () => {
  const least = JSON.parse(fs.readFileSync(path.join(corpus, 'good/least.json'), 'utf8'));
  const groups = Object.entries(schema.$defs).filter(([name]) => name.startsWith('currencies_'))
    .map(([name, list]) => ({ digits: Number(name.slice('currencies_'.length)), codes: list.enum }));
  const amount = (digits) => (digits === 0 ? '1' : `1.${'0'.repeat(digits - 1)}1`);
  const campaigns = (codes, digits) => codes.map((code, i) => ({
    id: `c${i}`, title: code, currency: code, goal: amount(digits),
    tiers: [{ id: `t${i}`, label: code, amount: '1', interval: 'once' }],
  }));

  for (const { digits, codes } of groups)
    for (let from = 0; from < codes.length; from += 32) {
      const some = codes.slice(from, from + 32);

      test(`${some[0]} to ${some.at(-1)}: ${digits}`, () => {
        const good = JSON.stringify({ ...least, campaigns: campaigns(some, digits) });
        const bad = JSON.stringify({ ...least, campaigns: campaigns(some, digits + 1) });
        // What the provider takes is another matter, and looked at last.
        const ofProgram = checkText('currencies.json', good).mistakes.filter((line) => !line.includes('no account can take'));
        assert.deepEqual(ofProgram, []);
        assert.equal(checkText('currencies.json', bad).mistakes.length, some.length);
        assert.ok(schemaAccepts(Buffer.from(good)));
        assert.ok(!schemaAccepts(Buffer.from(bad)));
      });
    }
});

describe('what we ship', () => {
  // With logo.svg beside it, as the one with a look names it.
  for (const [name, counts] of [['pledger.json', '3 campaigns, 7 tiers'], ['pledger-look.json', '2 campaigns, 4 tiers']]) test(`the sample ${name} is accepted with its credentials in place`, () => {
    const sample = fs.readFileSync(path.join(root, 'etc', name), 'utf8').replace('"logo.svg"', JSON.stringify(path.join(root, 'tests/config/pictures/logo.svg')));
    const names = { 'operator-token': 'token', 'stripe-key': 'stripe-key', 'stripe-webhook': 'webhook' };
    const here = sample.replaceAll(/"\/run\/credentials\/pledger.service\/([a-z-]+)"/g, (_, name) => `"../secrets/${names[name]}"`);
    const { status, mistakes, stdout } = checkText('sample.json', here);
    assert.deepEqual(mistakes, []);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`ok \\(${counts}, 1 account, test\\)`));
    assert.ok(schemaAccepts(Buffer.from(sample)), JSON.stringify(validate.errors));
  });

  test('the samples are accepted as they are when secrets and logos are left unopened', () => {
    for (const name of ['pledger.json', 'pledger-look.json']) {
      const { status, stderr } = spawnSync(pledger, ['check', '--no-secrets', path.join(root, 'etc', name)], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    }
  });

  test('installed below another prefix, units and samples name it', () => {
    const made = spawnSync('make', ['-s', 'install-etc', 'PREFIX=/opt/gifts', `DESTDIR=${folder}/root`], { cwd: root, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const installed = path.join(folder, 'root/opt/gifts/share/pledger/etc');
    const read = (name) => fs.readFileSync(path.join(installed, name), 'utf8');
    for (const name of fs.readdirSync(installed)) assert.doesNotMatch(read(name), /usr\/local/);
    assert.match(read('pledger.service'), /^ExecStart=\/opt\/gifts\/bin\/pledger serve /m);
    assert.match(read('pledger.service'), /^Documentation=file:\/\/\/opt\/gifts\/share\/doc/m);
    assert.match(read('pledger.json'), /"\$schema": "\/opt\/gifts\/share\/pledger\/schemas/);
  });

  for (const name of ['pledger.json', 'pledger-look.json']) test(`every credential that ${name} names is loaded by the unit`, () => {
    const sample = fs.readFileSync(path.join(root, 'etc', name), 'utf8');
    const unit = fs.readFileSync(path.join(root, 'etc/pledger.service'), 'utf8');
    const named = [...sample.matchAll(/\/run\/credentials\/pledger.service\/([a-z-]+)/g)].map((match) => match[1]).sort();
    const loaded = [...unit.matchAll(/^LoadCredential=([a-z-]+):/gm)].map((match) => match[1]).sort();
    assert.deepEqual(loaded, named);
  });

  test('the page on configuration has a row for every member and default of the schema', () => {
    const page = fs.readFileSync(path.join(root, 'docs/configuration.md'), 'utf8');
    const defs = schema.$defs;
    const objects = [schema, ...Object.values(schema.properties).filter((value) => value.properties), defs.account, defs.campaign, defs.tier];
    for (const [name, value] of objects.flatMap((object) => Object.entries(object.properties))) {
      const rows = page.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`));
      assert.ok(rows.length > 0, `no row for ${name}`);
      if (value.default !== undefined)
        assert.ok(rows.some((row) => row.includes(`\`${JSON.stringify(value.default)}\``)), `no default of ${name}`);
    }
  });
});

describe('the command line', () => {
  const run = (...args) => spawnSync(pledger, args, { encoding: 'utf8' });

  test('a file that is not there is a mistake without a place', () => {
    const { status, stderr } = run('check', '/nothing/there.json');
    assert.equal(status, 1);
    assert.equal(stderr, '/nothing/there.json: there is no such file\n');
  });

  test('a wrong line is answered with 2 and says where help is', () => {
    for (const args of [['check'], ['check', 'a', 'b'], ['check', '--nothing'], ['check', 'a', '--help=1'], ['nothing'], []]) {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, /--help/);
    }
  });

  test('--help goes to stdout with 0', () => {
    assert.match(execFileSync(pledger, ['check', '--help'], { encoding: 'utf8' }), /^usage: pledger check FILE/);
    assert.match(execFileSync(pledger, ['--help'], { encoding: 'utf8' }), /^usage: pledger COMMAND/);
  });

  test('a relative configuration finds its files beside itself', () => {
    const { status, stderr } = spawnSync(path.resolve(pledger), ['check', 'least.json'], { cwd: path.join(folder, 'good'), encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
});
