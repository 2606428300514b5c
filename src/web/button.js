// A support button out of a plain link: docs/embedding.md. Without this script, or where a browser is too old
// for it, the link stays what it is.
(() => {
	'use strict';
	const script = document.currentScript;
	const { campaign, meter, tiers, lang } = script?.dataset ?? {};

	if (!campaign || !('adoptedStyleSheets' in Document.prototype))
		return;
	const { origin } = new URL(script.src);
	const path = `/c/${encodeURIComponent(campaign)}`;
	const make = (name, values, ...children) => {
		const element = Object.assign(document.createElement(name), values);

		element.append(...children);
		return element;
	};

	// The link in front of the script, alone or as the last one of its paragraph.
	const before = script.previousElementSibling;
	const links = before?.shadowRoot ? [] : before?.matches('a') ? [before] : [...before?.querySelectorAll('a') ?? []];
	const found = links.pop();
	const own = found && found.href.startsWith(origin + path);
	const link = own ? found : make('a', { href: origin + path, textContent: 'Support' });

	// What the page's own rules cannot reach. Where a rule is !important, the inside goes before the page.
	const style = new CSSStyleSheet();
	style.replaceSync(`
:host{all:initial!important;display:block!important;color-scheme:inherit!important;margin:1em 0!important}
*{box-sizing:border-box}
.box{--card:#fff;--ink:#17201e;--soft:#414d49;--line:#dcd8ce;--edge:#737d79;--accent:#0b5a49;--over:#074236;--on:#fff;--wash:#e9f2ee;display:grid;gap:1em;max-width:26em;color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;text-align:start;overflow-wrap:anywhere}
@supports(color:light-dark(#000,#fff)){.box{--card:light-dark(#fff,#18211e);--ink:light-dark(#17201e,#eff4f2);--soft:light-dark(#414d49,#b9c6c1);--line:light-dark(#dcd8ce,#2e3a36);--edge:light-dark(#737d79,#7d8b86);--accent:light-dark(#0b5a49,#84dfc4);--over:light-dark(#074236,#a9ecd8);--on:light-dark(#fff,#05231b);--wash:light-dark(#e9f2ee,#1c3029)}}
/* colours */
.card{padding:1.125em;background:var(--card);border:1px solid var(--line);border-radius:1em}
.go{display:block;padding:.75em 1.5em;border:2px solid transparent;border-radius:.75em;background:var(--accent);color:var(--on);font-weight:600;text-align:center;text-decoration:none}
.go:hover{background:var(--over)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
p,fieldset{margin:0;padding:0;border:0;min-width:0}
.sum,.note{color:var(--soft)}
.sum{display:flow-root}
.sum b{font-size:1.5em;color:var(--ink)}
.sum bdi{float:inline-end;margin:.375em 0 0 .5em;font-weight:600;color:var(--accent)}
.note{font-size:.875em}
meter{-webkit-appearance:none;appearance:none;display:block;width:100%;height:.75em;margin:.5em 0;border:0;border-radius:1em;background:var(--line);overflow:hidden}
::-webkit-meter-bar{grid-row:1/-1;height:100%;border:0;border-radius:0;background:var(--line)}
::-webkit-meter-optimum-value{border-radius:1em;background:var(--accent)}
::-moz-meter-bar{border-radius:1em;background:var(--accent)}
legend{padding:0;margin-bottom:.5em;font-weight:600}
label{display:flex;align-items:center;gap:.75em;min-height:3em;margin-top:.5em;padding:.5em .75em;border:1px solid var(--edge);border-radius:.5em;cursor:pointer}
label:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent);background:var(--wash)}
input{flex:none;width:1.25em;height:1.25em;margin:0;accent-color:var(--accent)}
.label{flex:1}
.price{text-align:end}
.price b,label span span{display:block}
.price span{font-size:.875em;color:var(--soft)}
label:has(:disabled){border-style:dashed;color:var(--soft);cursor:not-allowed}
@media(forced-colors:active){meter{-webkit-appearance:auto;appearance:auto}label:has(:checked){outline:2px solid Highlight}}`);

	const host = make('div');
	const go = make('a', { className: 'go', href: link.href, target: link.target, rel: link.rel, textContent: link.textContent.trim() });
	const box = make('div', { className: 'box' }, go);
	const root = host.attachShadow({ mode: 'open' });

	root.adoptedStyleSheets = [style];
	root.append(box);
	if (own)
		link.replaceWith(host);
	else
		script.before(host);

	const showMeter = ({ sum, words, percent, note, max, value }) => {
		const line = make('p', { className: 'sum', id: 'sum' }, make('b', { textContent: sum }), ` ${words} `, make('bdi', { textContent: percent }));
		const parts = [line, make('p', { className: 'note', textContent: note })];

		if (max) {
			const bar = make('meter', { max, value });

			bar.setAttribute('aria-labelledby', 'sum');
			parts.splice(1, 0, bar);
		}
		go.before(make('div', {}, ...parts));
	};
	const aim = (tier) => {
		const url = new URL(link.href);

		url.searchParams.set('tier', tier);
		go.href = url.href;
	};
	const showTiers = (choose, all) => {
		go.before(make('fieldset', {}, make('legend', { textContent: choose }), ...all.map(({ id, label, amount, interval, chosen, gone, stock }) => {
			const input = make('input', { type: 'radio', name: 'tier', value: id, checked: chosen, disabled: gone, onchange: () => aim(id) });

			if (chosen)
				aim(id);
			return make('label', {}, input, make('span', { className: 'label' }, label, make('span', { className: 'note', textContent: stock })),
				make('span', { className: 'price' }, make('b', { textContent: amount }), make('span', { textContent: interval })));
		})));
	};

	if (meter === undefined && tiers === undefined)
		return;
	const wanted = (lang ?? host.closest('[lang]')?.lang ?? '').split('-')[0];
	fetch(`${origin}/v1/button/${encodeURIComponent(campaign)}${wanted && `?lang=${encodeURIComponent(wanted)}`}`,
		{ credentials: 'omit', referrerPolicy: 'no-referrer' }).then((answer) => answer.json()).then((told) => {
		if (!told.tiers)
			return;
		box.lang = told.lang;
		box.dir = told.dir;
		box.classList.add('card');
		if (meter !== undefined)
			showMeter(told.meter);
		if (told.closed)
			go.before(make('p', { textContent: told.closed }));
		else if (tiers !== undefined)
			showTiers(told.choose, told.tiers);
	}).catch(() => { /* a site that may not ask, or a service that does not answer: the button leads there all the same */ });
})();
