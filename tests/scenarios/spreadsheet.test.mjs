// Exports through a spreadsheet: LibreOffice opens each CSV, sees numbers as numbers, runs nothing, and what it saves
// again comes back as the ledger's texts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Forge } from './lib/forge.mjs';

const pledger = process.env.PLEDGER;
const missing = spawnSync('soffice', ['--version']).error === undefined ? false : 'LibreOffice is not installed';
// Cells by comma, texts by quotes, UTF-8, from the first line, English numbers; a quoted cell may be a number, numbers are looked for.
const form = '44,34,76,1,,1033,false,true,false';
const hostile = ['=1+1', '+1', '-2+3', '@SUM(A1)', "'quoted", '=HYPERLINK("http://evil.example","x")', 'a,b', 'say "yes"', '=cmd|\' /C calc\'!A0', 'é東京', '＝1'];

let forge;
let folder;

function run(...args) {
  const { status, stdout, stderr } = spawnSync(pledger, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(status, 0, stderr);
  return stdout;
}

// Rows of cells, by RFC 4180.
function parse(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '' && row.length === 0) break;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push(row.splice(0));
  }
  return rows;
}

function office(type, files) {
  const { status, stderr } = spawnSync('soffice', ['--headless', `-env:UserInstallation=file://${folder}/profile`, '--convert-to', type, '--outdir', path.join(folder, 'out'), `--infilter=CSV:${form}`, ...files], { encoding: 'utf8', timeout: 300_000 });
  assert.equal(status, 0, stderr);
}

before(() => {
  if (missing) return;
  forge = new Forge();
  hostile.forEach((event, i) => forge.gift(i, { event, amount: i % 2 ? '1234567.89' : '0.50' }));
  forge.cleared(1, { amount: '1234567.89', fee: '1.50', net: '1234566.39' });
  folder = forge.end();
  for (const profile of ['gifts', 'journal']) fs.writeFileSync(path.join(folder, `${profile}.csv`), run('export', '--data', folder, '--profile', profile));
  const files = ['gifts', 'journal'].map((profile) => path.join(folder, `${profile}.csv`));
  office('fods', files);
  office(`csv:Text - txt - csv (StarCalc):${form}`, files);
});
after(() => forge?.remove());

describe('exports in LibreOffice', { skip: missing }, () => {
  test('amounts are numbers, negative ones too, and no cell is a formula', () => {
    for (const [profile, columns] of [['gifts', ['seq', 'gross', 'refunded', 'settlement', 'fee', 'net']], ['journal', ['seq', 'posting', 'amount', 'debit', 'credit']]]) {
      const sheet = fs.readFileSync(path.join(folder, 'out', `${profile}.fods`), 'utf8');
      assert.doesNotMatch(sheet, /table:formula=/);
      const numbers = [...sheet.matchAll(/office:value-type="float" office:value="([^"]+)"/g)].length;
      const [header, ...rows] = parse(fs.readFileSync(path.join(folder, `${profile}.csv`), 'utf8'));
      const expected = rows.flatMap((row) => columns.map((name) => row[header.indexOf(name)])).filter((cell) => cell !== '').length;
      const repeated = [...sheet.matchAll(/table:number-columns-repeated="(\d+)"[^>]*office:value-type="float"/g)].reduce((sum, [, count]) => sum + Number(count) - 1, 0);
      assert.ok(numbers + repeated >= expected, `${profile}: ${numbers} + ${repeated} numbers for ${expected} cells`);
    }
  });

  test('what it saves and `--undo` restores are the ledger’s texts, and the amounts are the same numbers', () => {
    const events = hostile.map((text) => text);
    for (const profile of ['gifts', 'journal']) {
      const [header, ...before_] = parse(fs.readFileSync(path.join(folder, `${profile}.csv`), 'utf8'));
      const saved = parse(run('export', '--undo', path.join(folder, 'out', `${profile}.csv`)));
      assert.deepEqual(saved[0], header);
      assert.equal(saved.length - 1, before_.length);
      const at = header.indexOf('event');
      const told = saved.slice(1).map((row) => row[at]).filter((text) => text !== '');
      assert.deepEqual([...new Set(told)], events, profile);
      before_.forEach((row, i) => row.forEach((cell, column) => {
        const now = saved[i + 1][column];
        if (/^-?\d+(\.\d+)?$/.test(cell)) assert.equal(Number(now), Number(cell));
        else if (column !== at) assert.equal(now, cell, header[column]);
      }));
    }
  });

  test('`--undo` on the export itself gives the same texts, byte by byte', () => {
    const rows = parse(run('export', '--undo', path.join(folder, 'gifts.csv')));
    const at = rows[0].indexOf('event');
    assert.deepEqual(rows.slice(1).map((row) => row[at]), hostile);
  });
});
