// Asks now and then what became of the gift, and shows the page's new words in place of the old ones.
(() => {
	'use strict';
	const [LEAST_MS, MOST_MS, TIMES] = [1e3, 6e4, 38]; // for half an hour, and again whenever somebody looks
	const card = document.querySelector('.outcome');
	const words = card.querySelector('[role=status]');
	let [timer, pause, left] = [];

	// Reads the page without running anything in it.
	const read = () => new Promise((resolve) => {
		const request = new XMLHttpRequest();

		request.responseType = 'document';
		request.onloadend = () => resolve(request.response);
		request.open('GET', location.href);
		request.send();
	});
	// What is put into the words is read aloud; so they stay, and everything around them changes.
	const show = (page) => {
		const next = page?.querySelector('.outcome');
		const said = next?.querySelector('[role=status]');

		if (!said || next.dataset.state === card.dataset.state)
			return;
		const focused = card.contains(document.activeElement);
		const around = [...next.childNodes];

		[...card.childNodes].forEach((node) => node === words || node.remove());
		words.before(...around.slice(0, around.indexOf(said)));
		words.after(...around.slice(around.indexOf(said) + 1));
		words.replaceChildren(...said.childNodes);
		card.className = next.className;
		card.dataset.state = next.dataset.state;
		card.dataset.news = next.dataset.news ?? '';
		document.title = page.title;
		if (focused) {
			card.tabIndex = -1;
			card.focus();
		}
	};
	const wait = () => {
		const more = card.dataset.news && left > 0;

		clearTimeout(timer);
		card.querySelector('.looks')?.toggleAttribute('hidden', !more);
		if (more && !document.hidden)
			timer = setTimeout(look, pause);
	};
	const look = async () => {
		left--;
		pause = Math.min(1.5 * pause, MOST_MS);
		try {
			const { state } = await (await fetch(card.dataset.news)).json();

			if (state && state !== card.dataset.state)
				show(await read());
		} catch { /* no answer is no news */ }
		wait();
	};
	const begin = () => {
		[pause, left] = [LEAST_MS, TIMES];
		wait();
	};

	document.addEventListener('visibilitychange', begin);
	begin();
})();
