// Every state of every page in a browser, narrow and wide, light and dark, under the policy that the service sends.
// With LONG=1 in all seven languages, else in English, and one of each kind in the others. Each is kept as a picture to
// be looked at in build/screenshots, the dark ones with LONG=1.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { render } from './lib/rendered.mjs';

const here = import.meta.dirname;
const axe = readFileSync(path.join(here, '../node_modules/axe-core/axe.min.js'), 'utf8');
const logo = path.join(here, '../config/pictures/logo.svg');
const shots = path.join(here, '../../build/screenshots');
const { folder, policy, languages, remove, ...rendered } = render();
const files = rendered.files.filter((name) => name.endsWith('.html'));
const pages = files.filter((name) => name.startsWith('en-')).map((name) => name.slice(3));
// The ones with the most words; LONG=1 looks at all of every language.
const translated = ['support-unknown-account.html', 'thanks-received-monthly-demo.html', 'books.html'];
const widths = [320, 1280]; // 320 is also what 1280 is at 400 %
const schemes = ['light', 'dark'];

// What is looked at in one go: names, language, width, scheme.
const plan = [];
if (process.env.LONG) {
	plan.push(...widths.flatMap((width) => schemes.flatMap((colorScheme) =>
		languages.map((language) => ({ names: pages, language, width, colorScheme })))));
} else {
	// Both widths and both schemes; colours do not depend on the width.
	plan.push(...widths.map((width, i) => ({ names: pages, language: 'en', width, colorScheme: schemes[i] })));
	// The words differ, the colours and the wide layout do not.
	plan.push(...languages.slice(1).map((language) => ({ names: translated, language, width: 320, colorScheme: 'light' })));
	plan.push({ names: translated, language: 'ar', width: 1280, colorScheme: 'dark' });
}

let browser;
const visits = []; // what was found on each page, in each width and scheme
before(async () => {
	for (const language of languages)
		assert.deepEqual(files.filter((name) => name.startsWith(`${language}-`)).map((name) => name.slice(3)), pages, language);
	rmSync(shots, { recursive: true, force: true });
	mkdirSync(shots, { recursive: true });
	browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
	const waiting = [...plan];
	const work = async () => {
		for (let part = waiting.shift(); part; part = waiting.shift())
			await visitAll(part);
	};

	await Promise.all([work(), work()]);
}, { timeout: 3_500_000 });
after(async () => {
	await browser?.close();
	remove();
});

async function visitAll({ names, language, width, colorScheme }) {
	const { page, seen, close } = await open(names[0], { width, colorScheme, language });

	for (const name of names) {
		const picture = (process.env.LONG || ['en', 'ar'].includes(language)) && `${language}-${path.basename(name, '.html')}-${width}-${colorScheme}.png`;

		visits.push({ where: `${language}-${name} at ${width}, ${colorScheme}`, ...await visit(page, seen, `${language}-${name}`, picture) });
	}
	await close();
}

// A page as if the service had sent it, English unless `language` says otherwise; `seen` gathers what it asks for and complains of.
async function open(name, { width = 1280, language = 'en', ...options } = {}) {
	const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: 'reduce', ...options });
	const page = await context.newPage();
	const seen = { requests: [], complaints: [], posts: [] };

	await page.route('**/*', (route) => {
		const request = route.request();
		const file = path.basename(new URL(request.url()).pathname);

		if (request.method() === 'POST')
			seen.posts.push({ url: request.url(), body: request.postData() });
		else
			seen.requests.push(request.url());
		if (file === 'logo')
			return route.fulfill({ path: logo, contentType: 'image/svg+xml' });
		if (!files.includes(file))
			return route.fulfill({ status: 204 });
		return route.fulfill({ path: path.join(folder, file), contentType: 'text/html; charset=utf-8',
			headers: { 'content-security-policy': policy(file) } });
	});
	page.on('console', (message) => seen.complaints.push(message.text()));
	page.on('pageerror', (error) => seen.complaints.push(String(error)));
	await page.goto(`http://pledger.test/${language}-${name}`);
	return { page, seen, close: () => context.close() };
}

async function visit(page, seen, name, picture) {
	seen.requests.length = 0;
	seen.complaints.length = 0;
	await page.goto(`http://pledger.test/${name}`);
	const overflow = () => page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
	const found = { overflow: await overflow(), small: await page.evaluate(smallTargets), ...await page.evaluate(look, { axe, enhanced: !name.includes('-look') }) };

	if (picture)
		await page.screenshot({ path: path.join(shots, picture), fullPage: true });
	await page.evaluate(space);
	return { ...found, overflowSpaced: await overflow(),
		requests: [...seen.requests], complaints: [...seen.complaints], url: page.url() };
}

// ---- inside the browser ----

async function look({ axe, enhanced }) {
	const shifts = [];

	new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))
		.observe({ type: 'layout-shift', buffered: true });
	(0, eval)(axe);
	const { violations, incomplete } = await globalThis.axe.run(document, {
		rules: { 'color-contrast-enhanced': { enabled: enhanced }, 'target-size': { enabled: true } },
	});
	const nodes = (results) => results.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`));

	return { violations: nodes(violations), incomplete: nodes(incomplete), shifts };
}

function smallTargets() {
	const height = (element) => element.getBoundingClientRect().height;
	const least = (element) => element.matches('dd a') ? 24 : 44;

	return [...document.querySelectorAll('a, button, .choice, .often')].filter((each) => each.checkVisibility() && height(each) < least(each))
		.map((each) => `${height(each)}: ${each.outerHTML}`);
}

// The spacing that WCAG 2.2, 1.4.12 lets a reader set.
function space() {
	const sheet = new CSSStyleSheet();

	sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}'
		+ 'p{margin-bottom:2em!important}');
	document.adoptedStyleSheets = [sheet];
}

// ---- on every page ----

const options = { timeout: 120_000 };

test('there are pages to look at', (t) => {
	assert.ok(pages.length >= 19, String(pages));
	assert.equal(visits.length, plan.reduce((sum, { names }) => sum + names.length, 0));
	t.diagnostic(`n = ${visits.length} pages looked at`);
});

test('nothing moves once it is shown', () => {
	// A parser that is made to pause in the middle of a page shows its foot a moment too high; 0.1 is what is called good.
	for (const { where, shifts } of visits)
		assert.ok(shifts.reduce((sum, shift) => sum + shift, 0) < 0.01, `${shifts} ${where}`);
});

// An organisation's own colours owe their readers the lower level.
test('axe finds nothing, contrast at the higher level included', () => {
	for (const { where, violations, incomplete } of visits) {
		assert.deepEqual(violations, [], where);
		// What stands behind a text in a drawing axe cannot tell; it has the colours of the notes. Nor behind cells that a narrow
		// screen has to scroll to; a wide one shows them in the same colours.
		const untold = where.includes(' at 320,') ? /^color-contrast[a-z-]*: <(text|t[hd]) ?/ : /^color-contrast[a-z-]*: <text /;

		assert.deepEqual(incomplete.filter((node) => !untold.test(node)), [], where);
	}
});

test('nothing scrolls sideways, whatever the words and the spacing of the text', () => {
	for (const { where, overflow, overflowSpaced } of visits) {
		assert.ok(overflow <= 0, where);
		assert.ok(overflowSpaced <= 0, `${where}, spaced`);
	}
});

test('a page is one request and one round trip (14 KB), and the browser has nothing to complain of', () => {
	for (const { where, url, requests, complaints } of visits) {
		// Two pictures that come from us as well; and what a page asks for later, when there may be news of a gift.
		assert.deepEqual(requests.filter((each) => !/^http:\/\/pledger\.test\/(icon\.svg|logo|v1\/receipts\/.*)$/.test(each)), [url], where);
		assert.deepEqual(complaints, [], where);
	}
	for (const name of files)
		assert.ok(gzipSync(rendered.read(name)).length <= 14 * 1024, name);
});

test('every target is 44 pixels high, a link among facts 24', () => {
	for (const { where, small } of visits)
		assert.deepEqual(small, [], where);
});

test('the style is applied under the policy', options, async () => {
	const { page, close } = await open('support.html', { width: 320 });

	assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('main')).display), 'grid');
	await close();
});

// Where the parser had to invent, close or move an element, the tree is not the one that is written.
test('the tree that a browser builds is the one that is written', options, async () => {
	const empty = /^(meta|link|input|br|hr|img)$/;

	const { page, close } = await open(pages[0]);

	for (const name of pages) {
		await page.goto(`http://pledger.test/en-${name}`);
		const written = [];
		let depth = 0;

		for (const [, end, tag, rest] of rendered.read(`en-${name}`)
			.replace(/(<(style|script)>)[^]*?(<\/\2>)/g, '$1$3').matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/g)) {
			if (end)
				depth--;
			else
				written.push(`${depth} ${tag}`);
			if (!end && !empty.test(tag) && !rest.endsWith('/'))
				depth++;
		}
		const built = await page.evaluate(() => [...document.querySelectorAll('*')].map((element) => {
			let above = 0;

			for (let up = element.parentElement; up !== null; up = up.parentElement)
				above++;
			return `${above} ${element.localName}`;
		}));

		assert.equal(depth, 0, name);
		assert.deepEqual(built, written, name);
		const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map((element) => element.id));

		assert.deepEqual(ids, [...new Set(ids)], name);
		const dangling = await page.evaluate(() =>
			[...document.querySelectorAll('[for], [aria-describedby], [aria-labelledby], a[href^="#"]')]
				.flatMap((element) => ['for', 'aria-describedby', 'aria-labelledby', 'href'].map((attribute) =>
					element.getAttribute(attribute)?.replace(/^#/, '')).filter((id) => id && !id.startsWith('/')
					&& !id.includes(':'))).filter((id) => document.getElementById(id) === null));

		assert.deepEqual(dangling, [], name);
	}
	await close();
});

test('headings go down one level at a time and start with the page\'s own', options, async () => {
	const { page, close } = await open(pages[0]);

	for (const name of pages) {
		await page.goto(`http://pledger.test/en-${name}`);
		const levels = await page.evaluate(() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]
			.map((heading) => Number(heading.localName[1])));

		assert.equal(levels[0], 1, name);
		levels.slice(1).forEach((level, i) => assert.ok(level > 1 && level <= levels[i] + 1, `${name}: ${levels}`));
	}
	await close();
});

test('the choices are a named group of named and described choices', options, async () => {
	const { page, close } = await open('support.html');
	const group = page.getByRole('group', { name: 'Choose your gift', exact: true });

	assert.equal(await group.getByRole('radio').count(), 3);
	assert.ok(await group.getByRole('radio', { name: 'Reader $25 one time', exact: true }).isChecked());
	await page.getByRole('group', { name: 'How often?', exact: true })
		.getByRole('radio', { name: 'Monthly', exact: true }).check();
	assert.equal(await group.getByRole('radio').count(), 2);
	const friend = group.getByRole('radio', { name: 'Friend $10 every month', exact: true });

	assert.ok(await friend.isChecked());
	assert.equal(await page.locator('#' + await friend.getAttribute('aria-describedby')).textContent(),
		'Pays for one morning at the town council.');
	assert.equal(await page.getByRole('meter', { name: '$3,185 raised of $5,000 63%' }).count(), 1);
	assert.deepEqual(await page.getByRole('list', { name: 'Marks on the way' }).getByRole('listitem').allTextContents(),
		['$0: reached', '$2,500: reached', '$5,000: not reached yet']);
	await close();
});

test('a donor chooses and gives by keyboard alone, without a script', options, async () => {
	const { page, seen, close } = await open('support.html', { javaScriptEnabled: false });

	await page.keyboard.press('Tab');
	assert.ok(await page.locator('#often-once:focus').count(), 'the first stop is how often');
	await page.keyboard.press('Tab');
	assert.ok(await page.locator('#tier-reader:focus').count(), 'the second is the chosen amount');
	await page.keyboard.press('Shift+Tab');
	await page.keyboard.press('ArrowRight');
	assert.ok(await page.locator('#often-month:checked').count());
	await page.keyboard.press('Tab');
	assert.ok(await page.locator('#tier-friend:focus').count(), 'the chosen amount of those given monthly');
	await page.keyboard.press('ArrowDown');
	assert.ok(await page.locator('#tier-ally:checked').count());
	await page.keyboard.press('Tab');
	assert.ok(await page.locator('button:focus').count());
	await page.keyboard.press('Enter');
	await page.waitForTimeout(300);
	assert.deepEqual(seen.posts, [{ url: 'http://pledger.test/v1/checkout', body: 'tier=ally&campaign=newsroom' }]);
	await close();
});

test('a press anywhere on a choice chooses it', options, async () => {
	const { page, close } = await open('support.html', { width: 320 });

	await page.locator('#tier-coffee').locator('..').click({ position: { x: 8, y: 8 } });
	assert.ok(await page.locator('#tier-coffee').isChecked());
	await close();
});

test('the focus can be seen wherever it goes', options, async () => {
	for (const name of ['support-unknown-account.html', 'thanks-waiting.html', 'campaigns.html', 'operator.html'])
		for (const colorScheme of schemes) {
			const { page, close } = await open(name, { colorScheme });
			const stops = await page.locator('a, button, input').count();

			for (let i = 0; i < stops; i++) {
				await page.keyboard.press('Tab');
				const outline = await page.evaluate(() => {
					const focused = document.activeElement;
					const shown = focused.closest('.choice, .often') ?? focused;

					return focused === document.body ? 'the end' : getComputedStyle(shown).outline;
				});

				if (outline === 'the end')
					break;
				assert.match(outline, /solid 3px$/, `${name}, ${colorScheme}, stop ${i}`);
			}
			await close();
		}
});

test('a refused form takes the focus to what is wrong, and from there to the field', options, async () => {
	for (const [name, field, group] of [['support-no-tier.html', 'tier-reader', 'Choose your gift'],
		['support-unknown-tier.html', 'tier-reader', 'Choose your gift'],
		['support-unknown-account.html', 'account-stripe-once', 'Choose how to pay']]) {
		const { page, close } = await open(name, { width: 320 });
		const alert = page.getByRole('alert');
		const text = (await alert.getByRole('link').textContent()).trim();

		assert.ok(await alert.evaluate((element) => element === document.activeElement), name);
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		assert.ok(await page.locator(`#${field}:focus`).count(), name);
		const refused = page.getByRole('group', { name: group, exact: true });

		assert.equal(await refused.getAttribute('aria-describedby'), 'refused', name);
		assert.equal((await page.locator('#refused').textContent()).trim(), text, name);
		assert.match(await page.title(), /^Error: /, name);
		await close();
	}
});

test('a receipt is printed as a sheet: what an office needs and nothing to press', options, async () => {
	for (const [name, words] of [['receipt.html', /State\s+Received/], ['receipt-monthly.html', /Given back since: \$10\.00/], ['receipt-void.html', /This receipt no longer holds/]]) {
		const { page, close } = await open(name);

		await page.emulateMedia({ media: 'print' });
		const sheet = await page.locator('body').innerText();

		assert.match(sheet, words);
		for (const part of [/Harbour Road/, /Receipt number\s+pi_/, /Date\s+January 1, 2026/, /\$25\.00/])
			assert.match(sheet, part);
		assert.equal(await page.locator('main a:visible, main button:visible').count(), 0, name);
		await close();
	}
});

test('a sheet is dark on white where the screen was light on dark', options, async () => {
	const ink = { 'receipt.html': ['rgb(239, 244, 242)', 'rgb(23, 32, 30)'], 'receipt-look.html': ['rgb(186, 175, 189)', 'rgb(93, 65, 40)'] };

	for (const [name, [ofScreen, ofSheet]] of Object.entries(ink)) {
		const { page, close } = await open(name, { colorScheme: 'dark' });
		const heading = () => page.evaluate(() => getComputedStyle(document.querySelector('h1')).color);

		assert.equal(await heading(), ofScreen);
		await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		assert.equal(await heading(), ofSheet);
		assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'light');
		await close();
	}
});

test('a receipt is one sheet', options, async () => {
	const { page, close } = await open('receipt-monthly.html');
	const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g);

	assert.equal(sheets.length, 1);
	await close();
});

// Nothing breaks a picture's text into lines but ourselves, who do not know its letters.
test('no words of a picture leave it or meet each other, in any language', options, async () => {
	const pictures = rendered.files.filter((name) => name.endsWith('.svg'));
	const page = await browser.newPage();

	assert.ok(pictures.length >= 9 * languages.length);
	for (const name of pictures) {
		await page.setContent(`<body style="margin:0">${rendered.read(name)}`);
		const { height, boxes } = await page.evaluate(() => ({ height: document.querySelector('svg').viewBox.baseVal.height,
			boxes: [...document.querySelectorAll('text')].map((text) => ({ words: text.textContent, y: text.getAttribute('y'), ...text.getBoundingClientRect().toJSON() })) }));

		boxes.forEach(({ words, y, left, right, bottom }, i) => {
			assert.ok(left >= 18 && right <= 462 && bottom <= height - 8, `${name}: ${words} from ${left} to ${right}, ${bottom} of ${height}`);
			for (const before of boxes.slice(0, i))
				assert.ok(left >= before.right || right <= before.left || y !== before.y, `${name}: ${words} on ${before.words}`);
		});
	}
	await page.close();
});

test('how often stands in one line on a phone, in every language', options, async () => {
	for (const language of languages) {
		const { page, close } = await open('support.html', { width: 320, language });
		const tops = await page.locator('.often').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));

		assert.equal(tops.length, 3);
		assert.equal(new Set(tops).size, 1, language);
		await close();
	}
});

// 1280 by 1024 at 400 %: WCAG 2.2, 1.4.10.
test('a page that is magnified four times is used as any other', options, async () => {
	const { page, seen, close } = await open('support.html', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 });

	await page.getByRole('radio', { name: 'Yearly', exact: true }).check();
	await page.getByRole('button').click();
	await page.waitForTimeout(300);
	assert.equal(seen.posts.length, 1);
	assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
	await close();
});

test('nothing moves for a reader who wants less motion', options, async () => {
	for (const name of ['support.html', 'thanks-waiting.html', 'campaigns.html'])
		for (const reducedMotion of ['reduce', 'no-preference']) {
			const { page, close } = await open(name, { reducedMotion });
			const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => {
				const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);

				return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto';
			}).length);

			assert.equal(moving > 0, reducedMotion === 'no-preference', `${name}, ${reducedMotion}: ${moving}`);
			await close();
		}
});

test('the meter and the chosen amount can be told where colours are forced', options, async () => {
	const { page, close } = await open('support.html', { forcedColors: 'active' });

	assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('meter')).appearance), 'auto');
	const outlines = () => page.evaluate(() => ['.choice', '.often'].map((kind) => {
		const { outline, outlineOffset } = getComputedStyle(document.querySelector(`${kind}:has(:checked)`));

		return `${outline} ${outlineOffset}`;
	}));
	const chosen = await outlines();

	for (const outline of chosen)
		assert.match(outline, /solid 3px -3px$/);
	// What has the focus looks different from what is only chosen.
	await page.locator('#often-once').focus();
	await page.keyboard.press('Tab');
	assert.ok(await page.locator('.choice :focus-visible').count());
	assert.match((await outlines())[0], /solid 3px 3px$/);
	await page.keyboard.press('Shift+Tab');
	assert.match((await outlines())[1], /solid 3px 3px$/);
	await close();
});

test('the sign of an outcome has the colour of the text where colours are forced', options, async () => {
	for (const name of ['thanks-received.html', 'thanks-failed.html']) {
		const { page, close } = await open(name, { forcedColors: 'active' });
		const [stroke, color] = await page.evaluate(() => [getComputedStyle(document.querySelector('.sign')).stroke, getComputedStyle(document.body).color]);

		assert.equal(stroke, color, name);
		await close();
	}
});

test('who wants more contrast has no soft text and no pale edge', options, async () => {
	for (const name of ['support.html', 'support-look.html'])
		for (const colorScheme of schemes) {
			const { page, close } = await open(name, { contrast: 'more', colorScheme });
			const colours = await page.evaluate(() => {
				const style = (selector) => getComputedStyle(document.querySelector(selector));

				return [style('body').color, style('.note').color, style('.lead').color, style('.card').borderTopColor, style('.choice').borderTopColor, style('meter').borderTopColor];
			});

			assert.equal(new Set(colours).size, 1, `${name}, ${colorScheme}: ${colours}`);
			await close();
		}
});

test('an amount reads as Unicode says that its language writes it', () => {
	const { amounts } = JSON.parse(rendered.read('numbers.json'));
	const writers = new Map();
	const write = ({ language, currency }, digits, amount) => {
		const key = `${language} ${currency} ${digits}`;

		if (!writers.has(key))
			writers.set(key, new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: digits,
				maximumFractionDigits: digits }));
		// What Unicode leaves to whoever shows it: that "US$" stays in order among letters that run leftwards.
		return writers.get(key).format(amount).replace(/[A-Z][^A-Z0-9\s]$/, (end) => (language === 'ar' ? `${end}\u200e` : end));
	};

	assert.ok(amounts.length > 7 * 150 * 9);
	for (const each of amounts) {
		assert.equal(each.text, write(each, each.digits, each.amount), JSON.stringify(each));
		assert.equal(each.short, write(each, /\.(?!0+$)/.test(each.amount) ? each.digits : 0, each.amount), JSON.stringify(each));
	}
});

test('the signs of a currency stay in order in a text that runs leftwards', options, async () => {
	const { page, close } = await open('support.html', { width: 320, language: 'ar' });
	const [letter, sign] = await page.evaluate(() => {
		const text = document.querySelector('.price strong').firstChild;

		return ['U', '$'].map((one) => {
			const range = document.createRange();

			range.setStart(text, text.data.indexOf(one));
			range.setEnd(text, text.data.indexOf(one) + 1);
			return range.getBoundingClientRect().x;
		});
	});

	assert.ok(letter < sign, `${letter} ${sign}`);
	await close();
});

test('a number reads as Unicode says that its language writes it', () => {
	const { counts } = JSON.parse(rendered.read('numbers.json'));

	assert.equal(counts.length, 7 * 11);
	for (const { language, count, text, percent } of counts) {
		assert.equal(text, new Intl.NumberFormat(language).format(count));
		assert.equal(percent, new Intl.NumberFormat(language, { style: 'percent' }).format(`${count}e-2`));
	}
});

// A date at length. Node's format() has a wide space where Unicode has the narrow one; the parts are as they are.
function longDate(language, time) {
	const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });

	return format.formatToParts(time).map(({ value }) => value).join('');
}

test('a date reads as Unicode says that its language writes it at length', () => {
	const dates = JSON.parse(rendered.read('dates.json'));

	assert.equal(dates.length, 7 * 366 * 2);
	for (const { language, time_s: time, text } of dates)
		assert.equal(text, longDate(language, time * 1000), `${language} ${time}`);
});

test('a receipt and a list of receipts say their dates in the language of the page, and to machines in figures', () => {
	for (const language of languages) {
		const dates = ['receipt', 'receipt-monthly', 'thanks-received-monthly-demo'].map((name) =>
			[...rendered.read(`${language}-${name}.html`).matchAll(/<time datetime="(\d{4}-\d\d-\d\d)">([^<]*)<\/time>/g)]);

		assert.deepEqual(dates.map(({ length }) => length), [1, 1, 2], language);
		for (const [, machine, text] of dates.flat())
			assert.equal(text, longDate(language, new Date(machine)));
	}
});
