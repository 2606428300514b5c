// The button on another site: a page of another origin with hostile styles and a strict policy.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { waitFor } from '../scenarios/lib/wait.mjs';
import { newWorld } from '../scenarios/lib/world.mjs';

const here = import.meta.dirname;
const axe = readFileSync(path.join(here, '../node_modules/axe-core/axe.min.js'), 'utf8');
const shots = process.env.SHOTS; // a folder for pictures to look at

const hostile = `* { all: unset !important; color: transparent !important; font-size: 1px !important }
div, fieldset, label, a, meter { display: none !important; visibility: hidden !important; pointer-events: none !important }
body { display: block !important; background: white !important }`;
// What a site of good manners has: nothing that the button could lean on or stumble over.
const plain = ':root { color-scheme: light dark } body { margin: 1rem; font: 16px sans-serif }';

let world;
let site;
let browser;
let styles;
let body;
let frame;
let scripts;

before(async () => {
	site = http.createServer((request, response) => {
		if (request.url === '/style.css')
			return response.setHeader('content-type', 'text/css').end(styles);
		response.setHeader('content-type', 'text/html; charset=utf-8');
		response.setHeader('content-security-policy', `default-src 'none'; script-src ${scripts ?? `${world.origin}/button.js`}; connect-src ${world.origin}; `
			+ `style-src 'self'; img-src data:; frame-src ${frame ?? "'none'"}; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`);
		return response.end(`<!doctype html><html lang="en"><head><title>An article</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head><body>${body}</body></html>`);
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => { site.once('listening', resolve); });
	site.origin = `http://127.0.0.1:${site.address().port}`;
	[world, browser] = await Promise.all([
		newWorld({ configure: (config) => {
			config.public.sites = [site.origin];
			config.campaigns.push({ id: 'few', title: 'A roof', currency: 'EUR', goal: '1000', default_tier: 'tile', tiers: [
				{ id: 'tile', label: 'A tile', amount: '20', interval: 'once', stock: 1 },
				{ id: 'beam', label: 'A beam', amount: '200', interval: 'once' }] });
			config.campaigns.push({ id: 'over', title: 'A wall', currency: 'EUR', goal: '1000', ends: '2026-01-01T00:00:00Z', tiers: [
				{ id: 'stone', label: 'A stone', amount: '5', interval: 'once' }] });
		} }),
		chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }),
	]);
	if (shots)
		mkdirSync(shots, { recursive: true });
}, { timeout: 120_000 });
after(async () => {
	await browser?.close();
	site?.close();
	await world?.end();
});

const snippet = (options, campaign = 'members') => `<p><a href="${world.origin}/c/${campaign}">Support us</a></p>
<script src="${world.origin}/button.js" data-campaign="${campaign}" ${options} async></script>`;

async function visit(html, { css = plain, block = false, old = false, ...settings } = {}) {
	[body, styles] = [html, css];
	const context = await browser.newContext({ viewport: { width: 320, height: 800 }, reducedMotion: 'reduce', ...settings });
	const page = await context.newPage();
	const complaints = [];
	const asked = [];

	page.setDefaultTimeout(20_000);
	if (block)
		await page.route('**/button.js', (route) => route.abort());
	if (old)
		await page.addInitScript(() => { delete Document.prototype.adoptedStyleSheets; });
	page.on('request', (request) => asked.push(request));
	page.on('console', (message) => complaints.push(message.text()));
	page.on('pageerror', (error) => complaints.push(String(error)));
	await page.goto(site.origin);
	return { page, complaints, context, asked };
}

const buttons = (page) => page.locator('.go');

async function assertAccessible(page) {
	// A tool of the test, not of the page: it comes in beside the policy.
	const session = await page.context().newCDPSession(page);
	const { result } = await session.send('Runtime.evaluate', { expression: `${axe}; axe.run().then((found) => JSON.stringify(found.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])))`, awaitPromise: true });

	assert.deepEqual(JSON.parse(result.value), []);
}

// What a reader makes of an element: whether it is there, and in which colours.
const look = (element) => element.evaluate((each) => {
	const { color, borderStyle, fontSize, visibility } = getComputedStyle(each);

	return { color, borderStyle, fontSize, visibility, shown: each.getBoundingClientRect().height >= 16 };
});

test('the script has less than 5 KB', () => {
	const size = gzipSync(readFileSync(path.join(here, '../../src/web/button.js')), { level: 9 }).length;

	assert.ok(size < 5 * 1024, String(size));
});

test('two buttons of an article work apart, by keyboard, under a hostile style and a strict policy', { timeout: 120_000 }, async () => {
	const { page, complaints, context } = await visit(`${snippet('data-meter data-tiers')}<p>The article.</p>${snippet('data-tiers')}`, { css: hostile });
	const radios = page.locator('input[type=radio]');

	await radios.nth(5).waitFor();
	assert.equal(await buttons(page).count(), 2);
	assert.equal(await page.locator('meter').count(), 0); // no goal, no bar
	assert.match(await page.locator('.sum').innerText(), /^€0 TEST: raised/);
	assert.deepEqual(await Promise.all([0, 1].map((i) => buttons(page).nth(i).getAttribute('href'))), Array(2).fill(`${world.origin}/c/members?tier=month-10`));
	// What one says the other does not hear.
	await radios.nth(1).focus();
	await page.keyboard.press('ArrowDown');
	assert.equal(await buttons(page).nth(0).getAttribute('href'), `${world.origin}/c/members?tier=year-50`);
	assert.equal(await buttons(page).nth(1).getAttribute('href'), `${world.origin}/c/members?tier=month-10`);
	for (const at of [0, 1]) {
		const seen = await buttons(page).nth(at).evaluate((element) => {
			const { color, backgroundColor, fontSize, visibility, pointerEvents } = getComputedStyle(element);
			return { color, backgroundColor, fontSize, visibility, pointerEvents, height: element.getBoundingClientRect().height >= 44 };
		});
		assert.deepEqual(seen, { color: 'rgb(255, 255, 255)', backgroundColor: 'rgb(11, 90, 73)', fontSize: '16px', visibility: 'visible', pointerEvents: 'auto', height: true });
	}
	if (shots)
		await page.screenshot({ path: path.join(shots, 'button-hostile.png'), fullPage: true });
	await page.keyboard.press('Tab');
	assert.deepEqual(complaints, []);
	assert.deepEqual(await context.cookies(), []);
	await page.keyboard.press('Enter');
	await page.waitForURL(`${world.origin}/c/members?tier=year-50`);
	assert.equal(await page.locator('input[name=tier][value=year-50]').isChecked(), true);
	await context.close();
});

for (const [name, settings, options] of [['light', { colorScheme: 'light' }, ''], ['dark', { colorScheme: 'dark' }, ''],
	['Arabic', { colorScheme: 'light' }, 'data-lang="ar"'], ['German and wide', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }, 'data-lang="de-AT"']])
	test(`axe finds nothing: ${name}`, { timeout: 120_000 }, async () => {
		const html = `<main><h1>An article</h1>${snippet(`data-meter data-tiers ${options}`, 'box')}${snippet('')}</main>`;
		const { page, complaints, context } = await visit(html, settings);

		await page.locator('input[type=radio]').first().waitFor();
		assert.equal(await page.locator('meter').count(), 1);
		// Apart from the sum, whichever way its currency runs.
		assert.match(await page.locator('.sum > bdi').innerText(), /^0\P{L}*%\P{L}*$/u);
		await assertAccessible(page);
		assert.deepEqual(complaints, []);
		assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
		if (shots)
			await page.screenshot({ path: path.join(shots, `button-${name}.png`), fullPage: true });
		await context.close();
	});

// A picture's colours at parts of its width, half-way down, as "rgb(1, 2, 3)".
async function coloursOf(picture, parts) {
	const page = await browser.newPage();
	const colours = await page.evaluate(async ([text, at]) => {
		const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
		const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');

		canvas.drawImage(image, 0, 0);
		return at.map((part) => `rgb(${[...canvas.getImageData(Math.floor(image.width * part), image.height >> 1, 1, 1).data.slice(0, 3)].join(', ')})`);
	}, [picture.toString('base64'), parts]);

	await page.close();
	return colours;
}

test('the meter has the colour of the organisation as far as it has come', { timeout: 120_000 }, async () => {
	const gift = await world.askOperator('/v1/record', {
		method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ tier: 'beam', reason: 'cash', ref: 'fair/1' }),
	});
	assert.equal(gift.status, 201, gift.text);
	for (const css of [plain, hostile]) {
		const { page, context } = await visit(`<main>${snippet('data-meter', 'few')}</main>`, { css, colorScheme: 'light' });
		const bar = page.locator('meter');

		await waitFor('the gift to be shown', async () => {
			await bar.waitFor({ state: 'attached' });
			return await bar.evaluate(({ value, max }) => value / max) === 0.2 || !await page.reload();
		});
		const accent = await buttons(page).evaluate((each) => getComputedStyle(each).backgroundColor);
		const [reached, left] = await coloursOf(await bar.screenshot(), [0.1, 0.6]);

		assert.equal(reached, accent);
		assert.notEqual(left, accent);
		await context.close();
	}
});

test('what is sold out cannot be chosen, and the next one is, under a hostile style and a strict policy', { timeout: 120_000 }, async () => {
	await world.pledge('tile');
	const { page, complaints, context } = await visit(`<main><h1>An article</h1>${snippet('data-meter data-tiers', 'few')}</main>`, { css: hostile });
	const [tile, beam] = [page.getByRole('radio', { name: /^A tile/ }), page.getByRole('radio', { name: /^A beam/ })];

	await tile.waitFor();
	assert.ok(await tile.isDisabled());
	assert.ok(await beam.isChecked());
	assert.equal(await buttons(page).getAttribute('href'), `${world.origin}/c/few?tier=beam`);
	const gone = page.locator('label', { has: tile });

	assert.match(await gone.innerText(), /A tile\s+Sold out\s+€20/);
	assert.deepEqual(await look(gone), { color: 'rgb(65, 77, 73)', borderStyle: 'dashed', fontSize: '16px', visibility: 'visible', shown: true });
	assert.deepEqual(await look(gone.locator('.note')), { color: 'rgb(65, 77, 73)', borderStyle: 'none', fontSize: '14px', visibility: 'visible', shown: true });
	await gone.click({ force: true });
	assert.ok(await beam.isChecked());
	assert.equal(await page.getByRole('meter').count(), 1);
	if (shots)
		await page.screenshot({ path: path.join(shots, 'button-sold-out.png'), fullPage: true });
	await assertAccessible(page);
	assert.deepEqual(complaints, []);
	await buttons(page).click();
	await page.waitForURL(`${world.origin}/c/few?tier=beam`);
	assert.ok(await page.locator('#tier-beam').isChecked());
	await context.close();
});

test('a campaign that is over says so in place of its tiers, under a hostile style and a strict policy', { timeout: 120_000 }, async () => {
	for (const [lang, words] of [['en', /^This campaign has ended\.?$/], ['ar', /^[\u0600-\u06ff\s.،]+$/]]) {
		const { page, complaints, context } = await visit(`<main><h1>An article</h1>${snippet(`data-meter data-tiers data-lang="${lang}"`, 'over')}</main>`, { css: hostile });
		const said = page.locator('.box > p');

		await said.waitFor();
		assert.match(await said.innerText(), words);
		assert.deepEqual(await look(said), { color: 'rgb(23, 32, 30)', borderStyle: 'none', fontSize: '16px', visibility: 'visible', shown: true });
		assert.equal(await page.locator('.box').getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr');
		assert.equal(await page.locator('input').count(), 0);
		assert.equal(await page.getByRole('meter').count(), 1);
		if (lang === 'en')
			assert.equal(await page.locator('.note').innerText(), '0 gifts have arrived.'); // nobody is invited to be the first
		if (shots)
			await page.screenshot({ path: path.join(shots, `button-over-${lang}.png`), fullPage: true });
		await assertAccessible(page);
		assert.deepEqual(complaints, []);
		await buttons(page).click();
		await page.waitForURL(`${world.origin}/c/over`);
		assert.equal(await page.locator('input').count(), 0);
		await context.close();
	}
});

test('two buttons leave nothing behind: no name, no mark, no cookie, and ask as nobody', { timeout: 120_000 }, async () => {
	const names = (page) => page.evaluate(() => [window, document, document.documentElement, document.body].map((each) => Object.getOwnPropertyNames(each).sort()));
	const bare = await visit(snippet('data-meter data-tiers').replace(/<script.*/, ''));
	const expected = await names(bare.page);

	await bare.context.close();
	const { page, context, asked } = await visit(`${snippet('data-meter data-tiers')}${snippet('data-tiers', 'box')}`);

	await page.locator('input[type=radio]').nth(5).waitFor();
	assert.deepEqual(await names(page), expected);
	assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
	assert.deepEqual(await context.cookies(), []);
	assert.deepEqual(asked.map((each) => each.url()).filter((url) => !url.startsWith(site.origin)).sort(), [`${world.origin}/button.js`,
		`${world.origin}/v1/button/box?lang=en`, `${world.origin}/v1/button/members?lang=en`]);
	for (const request of asked.filter((each) => each.url().includes('/v1/button/'))) {
		const { cookie, referer } = await request.allHeaders();

		assert.deepEqual([cookie, referer], [undefined, undefined], request.url());
	}
	await context.close();
});

// What a reader's blocker, a site's policy, a browser without scripts and one that is too old do to it.
for (const [how, settings, policy] of [['is blocked', { block: true }], ['is forbidden by the policy', {}, "'none'"], ['cannot run', { javaScriptEnabled: false }],
	['is too young for the browser', { old: true }]])
	test(`a script that ${how} leaves the link, and it works`, { timeout: 120_000 }, async () => {
		scripts = policy;
		const { page, context } = await visit(`${snippet('data-meter data-tiers')}${snippet('')}`, settings);

		scripts = undefined;
		assert.equal(await buttons(page).count(), 0);
		assert.equal(await page.getByRole('link', { name: 'Support us' }).count(), 2);
		await page.getByRole('link', { name: 'Support us' }).last().click();
		await page.waitForURL(`${world.origin}/c/members`);
		await context.close();
	});

test('a site that may not ask has the button without meter and choice', { timeout: 120_000 }, async () => {
	const { page, context } = await visit(snippet('data-meter data-tiers'), {});

	await page.goto(`${site.origin.replace('127.0.0.1', 'localhost')}/`);
	await buttons(page).first().waitFor();
	await page.waitForLoadState('networkidle');
	assert.equal(await page.locator('input').count(), 0);
	assert.equal(await buttons(page).innerText(), 'Support us');
	await context.close();
});

test('a framed page is shown by its sites alone, and its form opens the provider in the whole window', { timeout: 120_000 }, async () => {
	frame = world.origin;
	const { page, complaints, context } = await visit(`<iframe title="Give" width="300" height="1400" src="${world.origin}/embed/members"></iframe>`);
	const inside = page.frameLocator('iframe');

	await inside.locator('h1').waitFor();
	assert.ok(await inside.locator('html').evaluate((element) => element.scrollWidth <= element.clientWidth));
	if (shots)
		await page.screenshot({ path: path.join(shots, 'embed-320.png'), fullPage: true });
	await inside.locator('button[type=submit]:visible').click();
	await page.waitForURL(new RegExp(`^${world.provider}/pay/`));
	assert.deepEqual(complaints, []);
	await page.goto(`${site.origin.replace('127.0.0.1', 'localhost')}/`);
	await page.waitForLoadState('networkidle');
	assert.match(complaints.join('\n'), /frame-ancestors/);
	frame = undefined;
	await context.close();
});
