// check-chain FOLDER: whether a ledger's lines hang together, told by this script alone: docs/ledger.md
// and a SHA-256. Prints the number of lines and the last chain, or where the first break is (exit 1).
import { createHash } from 'node:crypto';
import fs from 'node:fs';

const folder = process.argv[2];
let chain = Buffer.alloc(32);
let seq = 0;
for (const name of fs.readdirSync(folder).filter((each) => /^\d{20}\.jsonl$/.test(each)).sort()) {
  const bytes = fs.readFileSync(`${folder}/${name}`);
  for (let at = 0, end; at < bytes.length; at = end + 1) {
    end = bytes.indexOf(10, at);
    const cut = end - 76; // `,"chain":"`, 64 digits, `"}`
    chain = createHash('sha256').update(chain).update(bytes.subarray(at, Math.max(at, cut))).digest();
    const frame = end >= 0 && bytes.subarray(at, end).toString('latin1').startsWith(`{"seq":${++seq},`) && (at > 0 || Number(name.slice(0, 20)) === seq);
    if (!frame || bytes.subarray(cut, end).toString('latin1') !== `,"chain":"${chain.toString('hex')}"}`) {
      console.log(`broken: ${name} byte ${at}, seq ${seq}`);
      process.exit(1);
    }
  }
}
console.log(`${seq} lines, chain ${chain.toString('hex')}`);
