// A phone on a slow network, as Lighthouse simulates it, at the pages of `pledger demo`. Accessibility and best practices
// must be whole. Performance is a measurement of this machine: it is printed with what costs points, the best of a few runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const RUNS_MAX = 6;
const categories = ['performance', 'accessibility', 'best-practices'];
const folder = mkdtempSync(path.join(tmpdir(), 'pledger-lighthouse-'));
const demo = spawn(process.argv[2], ['demo', '--dir', path.join(folder, 'demo')], { stdio: ['ignore', 'pipe', 'inherit'] });

async function address() {
	let said = '';

	for await (const piece of demo.stdout.setEncoding('utf8')) {
		said += piece;
		const found = /^support page: (\S+)$/m.exec(said);

		if (found && said.includes('Ctrl-C'))
			return found[1];
	}
	throw new Error(`the demo ended: ${said}`);
}

// What costs points in one run.
function losses({ categories: scored, audits }) {
	return Object.values(scored).flatMap((category) => category.auditRefs
		.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
		.map(({ id }) => `${category.id}: ${audits[id].title} (${audits[id].displayValue ?? audits[id].score})`));
}

// The best score of each category, and what cost points in the last run.
async function judge(url, port) {
	const best = Object.fromEntries(categories.map((category) => [category, 0]));
	let lost = [];

	for (let run = 0; run < RUNS_MAX && Object.values(best).some((score) => score < 100); run++) {
		const { lhr } = await lighthouse(url, { port, logLevel: 'error', onlyCategories: categories });

		// Now and then it cannot record a page that is there before it looks: a run that tells nothing.
		if (lhr.runtimeError) {
			lost = [lhr.runtimeError.message];
			continue;
		}
		for (const category of categories)
			best[category] = Math.max(best[category], Math.round(100 * lhr.categories[category].score));
		lost = losses(lhr);
	}
	return { best, lost };
}

let chrome;
try {
	const origin = await address();

	chrome = await launch({ chromePath: '/usr/bin/chromium', chromeFlags: ['--headless=new', '--no-sandbox'] });
	for (const page of ['', 'c/donation-box', 'c/members?lang=ar']) {
		const { best, lost } = await judge(origin + page, chrome.port);
		console.log(`/${page}: ${categories.map((category) => `${category} ${best[category]}`).join(', ')}`);
		if (Object.values(best).some((score) => score < 100))
			lost.forEach((line) => console.log(`  ${line}`));
		if (['accessibility', 'best-practices'].some((category) => best[category] < 100))
			process.exitCode = 1;
	}
} finally {
	await chrome?.kill();
	demo.kill('SIGTERM');
	if (demo.exitCode === null)
		await once(demo, 'exit');
	rmSync(folder, { recursive: true, force: true });
}
