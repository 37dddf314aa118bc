/*! widgets.js 0.1.0 | Apache-2.0 */
// Recommendations on the shop's pages. beckon.js loads this file where a page has <div data-beckon="home"></div> or
// asks by beckon('show', …) or beckon('recommend', …).
//
// Rules of space. A widget takes the room of as many blocks as it had last time, before the answer is there. Room
// that is not filled goes at once when it lies below the screen or never had height; on the screen it stays, empty,
// until it is scrolled out below. A block more than there is room for comes in below the screen only.
try { (function () {
  'use strict';

  const W = window;
  const D = document;
  const kit = W.beckon && W.beckon.kit;
  if (!kit || kit.go) return;
  const guard = kit.guard;

  const PATIENCE_MS = 3000; // A later answer changes nothing.
  const STYLE_MS = 1000;
  const SEEN_MS = 1000; // Half of a block for this long counts as seen.
  const NAMES_MAX = 4; // In one question; a place stands for up to three blocks, and the server takes eight.
  const POPUP = 'added_to_cart';
  const WORDS = {
    en: { close: 'Close', old: 'Old price' },
    ru: { close: 'Закрыть', old: 'Старая цена' },
  };

  const isMobile = () => W.innerWidth < 768;
  const locale = (el) => ((el && el.getAttribute('data-locale')) || D.documentElement.lang || 'en');
  const words = (el) => WORDS[locale(el).slice(0, 2).toLowerCase()] || WORDS.en;
  const attribute = (el, name) => (el.getAttribute('data-' + name) || '').trim();
  const quiet = () => {};

  function element(tag, name, text) {
    const el = D.createElement(tag);
    el.className = 'beckon-' + name;
    if (text !== undefined) el.textContent = text;
    return el;
  }

  // Feeds are written by many hands: no `javascript:` comes through here.
  function webAddress(text) {
    try {
      const url = new URL(text, location.href);
      return /^https?:$/.test(url.protocol) ? url.href : '';
    } catch (e) { return ''; }
  }

  // == Questions

  // Text needs no CORS preflight. The public key learns nothing of anybody: the answer is made of this alone.
  function ask(values) {
    const memory = kit.recall();
    const question = Object.assign({
      writeKey: kit.key, anonymousId: kit.anonymousId(), channel: isMobile() ? 'mobile_web' : 'web',
      locale: locale().slice(0, 2),
      viewed: memory.viewed,
      cart: Object.keys(memory.cart),
      bought: memory.bought,
    }, values);
    const stop = W.AbortController ? new AbortController() : {};
    let timer = 0;
    const late = new Promise((done, fail) => {
      timer = setTimeout(() => { fail(new Error('late')); if (stop.abort) stop.abort(); }, PATIENCE_MS);
    });
    const options = { method: 'POST', body: kit.encode(question, 0), signal: stop.signal };
    const sent = new Promise((done) => { done(W.fetch(kit.origin + '/v1/recommend', options)); });
    const answer = sent.then((response) => {
      if (!response.ok) throw Object.assign(new Error('refused'), { status: response.status });
      return response.json();
    });
    const settle = () => clearTimeout(timer);
    answer.then(settle, settle);
    return Promise.race([answer, late]).then((json) => {
      if (!json || !Array.isArray(json.blocks)) throw new Error('no blocks');
      return json;
    });
  }

  const showable = (block) => block && block.enough && Array.isArray(block.items) && block.items.length > 0;

  // == The style

  let style = null;

  // First in the head, so that a class in any sheet of the shop's wins.
  function styled(el) {
    if (attribute(el, 'style') === 'none') return Promise.resolve();
    el.classList.add('beckon-styled');
    if (style) return style;
    if (D.querySelector('link[href$="/widgets.css"]')) return (style = Promise.resolve());
    const link = D.createElement('link');
    link.rel = 'stylesheet';
    link.href = kit.origin + '/widgets.css';
    style = new Promise((done) => {
      link.onload = link.onerror = done;
      setTimeout(done, STYLE_MS);
    });
    D.head.insertBefore(link, D.head.firstChild);
    return style;
  }

  // == Space

  // Calls back when the top of the element is below the screen, or at once where it takes no room.
  function whenBelow(el, fn) {
    const box = el.getBoundingClientRect();
    if (!el.isConnected || box.top >= W.innerHeight) return fn();
    if (!W.IntersectionObserver) return undefined;
    const observer = new IntersectionObserver(guard((entries) => {
      const last = entries[entries.length - 1];
      if (last.isIntersecting || last.boundingClientRect.top < W.innerHeight) return;
      observer.disconnect();
      fn();
    }));
    observer.observe(el);
    return undefined;
  }

  const SHAPES = '_bkn_s';
  const shapeKey = (name) => name + (isMobile() ? '.mobile' : '');
  const shapes = () => Object.assign({}, guard(() => JSON.parse(W.localStorage.getItem(SHAPES)))());

  // How many items each block of a widget had last time; a guess for who is here for the first time.
  function shapeOf(name) {
    const known = shapes()[shapeKey(name)];
    if (Array.isArray(known) && known.every((n) => n > 0)) return known.slice(0, 4);
    return isMobile() || !/^(home|product_card)$/.test(name) ? [8] : [8, 8];
  }

  const keepShape = guard((name, blocks) => {
    const all = shapes();
    delete all[shapeKey(name)];
    all[shapeKey(name)] = blocks.map((block) => Math.min(block.items.length, 24));
    Object.keys(all).slice(0, -20).forEach((old) => { delete all[old]; });
    W.localStorage.setItem(SHAPES, JSON.stringify(all));
  });

  // == Drawing

  let headings = 0;

  function money(price, el) {
    const amount = Number(price.amount);
    const digits = Number.isInteger(amount) ? { minimumFractionDigits: 0 } : {};
    try {
      const options = Object.assign({ style: 'currency', currency: price.currency }, digits);
      return new Intl.NumberFormat(locale(el), options).format(amount);
    } catch (e) { return price.amount + ' ' + price.currency; }
  }

  function picture(item) {
    const frame = element('span', 'picture');
    const src = item.picture ? webAddress(item.picture) : '';
    // Its room is the same without a picture.
    const img = src ? element('img', 'image') : D.createElementNS('http://www.w3.org/2000/svg', 'svg');
    if (!src) img.setAttribute('class', 'beckon-image');
    img.setAttribute('width', '240');
    img.setAttribute('height', '240');
    if (src) {
      img.alt = ''; // The title stands beside it in the same link; nobody wants to hear it twice.
      img.loading = 'lazy';
      img.decoding = 'async';
      img.src = src;
    } else img.setAttribute('aria-hidden', 'true');
    frame.appendChild(img);
    return frame;
  }

  function priceOf(item, el) {
    const line = element('span', 'price', item.price ? '' : '\u00a0');
    if (!item.price) return line;
    line.appendChild(element('span', 'now', money(item.price, el)));
    if (!item.old_price) return line;
    const old = element('s', 'old');
    old.appendChild(element('span', 'hidden', words(el).old + ' '));
    old.appendChild(D.createTextNode(money(item.old_price, el)));
    line.appendChild(D.createTextNode(' '));
    line.appendChild(old);
    return line;
  }

  function card(item, block, el) {
    const li = element('li', 'item');
    const href = item.url ? webAddress(item.url) : '';
    const link = element(href ? 'a' : 'span', 'link');
    if (href) link.href = href;
    link.appendChild(picture(item));
    link.appendChild(element('span', 'name', item.title));
    link.appendChild(priceOf(item, el));
    if (el.hasAttribute('data-reasons')) link.appendChild(element('span', 'reason', item.reason || '\u00a0'));
    const clicked = guard((event) => {
      if (event.type === 'auxclick' && event.button !== 1) return; // Only the middle button opens a link.
      const arm = block.arm || undefined;
      kit.track('Recommendation Clicked', { block: block.block, arm, product_id: item.id });
    });
    if (href) ['click', 'auxclick'].forEach((type) => link.addEventListener(type, clicked));
    li.appendChild(link);
    return li;
  }

  function section(block, el) {
    const box = element('section', 'block');
    const level = /^[1-6]$/.test(attribute(el, 'heading')) ? attribute(el, 'heading') : '2';
    const title = element('h' + level, 'title', block.title || '\u00a0');
    const list = element('ul', 'list');
    title.id = 'beckon-title-' + ++headings;
    box.appendChild(title);
    box.appendChild(list);
    list.setAttribute('role', 'list'); // Safari takes it from a list without bullets.
    if (block.waiting) {
      box.classList.add('beckon-waiting');
      box.setAttribute('aria-hidden', 'true');
    } else {
      box.setAttribute('aria-labelledby', title.id);
      list.setAttribute('aria-labelledby', title.id);
      box.setAttribute('data-block', block.block);
    }
    block.items.forEach((item) => list.appendChild(card(item, block, el)));
    return box;
  }

  const placeholder = (count, el) =>
    section({ waiting: true, items: Array.from({ length: count }, () => ({ title: '\u00a0' })) }, el);

  // A row that scrolls must be reachable by keys.
  function reachable(box) {
    const list = box.querySelector('.beckon-list');
    if (list && list.scrollWidth > list.clientWidth + 1) list.tabIndex = 0;
    else if (list) list.removeAttribute('tabindex');
  }
  W.addEventListener('resize', guard(() => D.querySelectorAll('.beckon-block').forEach(reachable)));

  // == What was seen

  const watched = new Map(); // Section to its block.
  const timers = new Map();
  let seen = [];

  function tellSeen() {
    if (!seen.length) return;
    const blocks = seen.splice(0, 16);
    kit.track('Recommendations Viewed', { blocks });
    tellSeen();
  }

  function looked(box) {
    timers.delete(box);
    const block = watched.get(box);
    if (!block || D.visibilityState === 'hidden') return;
    watched.delete(box);
    eye.unobserve(box);
    seen.push({ block: block.block, arm: block.arm || undefined });
    if (!watched.size) tellSeen();
  }

  const eye = W.IntersectionObserver && new IntersectionObserver(guard((entries) => {
    entries.forEach((entry) => {
      const box = entry.target;
      const height = entry.intersectionRect.height;
      // Of a block higher than the screen, half of the screen.
      const enough = height > 0 && height >= Math.min(entry.boundingClientRect.height, W.innerHeight) / 2;
      if (enough && !timers.has(box)) timers.set(box, setTimeout(guard(() => looked(box)), SEEN_MS));
      if (enough) return;
      clearTimeout(timers.get(box));
      timers.delete(box);
    });
  }), { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1] });

  function watch(box, block) {
    if (!eye) return;
    watched.set(box, block);
    eye.observe(box);
  }

  D.addEventListener('visibilitychange', guard(() => {
    if (D.visibilityState === 'hidden' || !eye) return;
    watched.forEach((block, box) => { eye.unobserve(box); eye.observe(box); });
  }));

  // == Widgets of the page

  const mounted = new Map(); // Element to what it was asked with, and its placeholders.
  let lastRoute = location.pathname + location.search;

  function seedsOf(el) {
    const seeds = {};
    const product = attribute(el, 'product');
    if (product) seeds.products = product;
    ['category', 'query', 'favourites', 'exclude'].forEach((name) => {
      if (attribute(el, name)) seeds[name] = attribute(el, name);
    });
    return seeds;
  }

  const signature = (el) => attribute(el, 'beckon') + ' ' + kit.encode(seedsOf(el), 0);

  function draw(el, block, place) {
    const box = section(block, el);
    if (place) el.replaceChild(box, place); else el.appendChild(box);
    reachable(box);
    watch(box, block);
  }

  function vacate(el, state) {
    el.hidden = true;
    state.rooms.forEach((room) => room.remove());
  }

  function fill(el, state, blocks) {
    const good = blocks.filter(showable);
    el.removeAttribute('aria-busy');
    if (blocks.length) keepShape(attribute(el, 'beckon'), good);
    good.slice(0, state.rooms.length).forEach((block, i) => draw(el, block, state.rooms[i]));
    state.rooms.splice(0, good.length);
    state.rooms.forEach((room) => { room.classList.add('beckon-vacant'); });
    const live = () => mounted.get(el) === state;
    if (!good.length) {
      if (!el.offsetHeight) vacate(el, state);
      else whenBelow(el, () => { if (live()) vacate(el, state); });
      return;
    }
    state.rooms.forEach((room) => whenBelow(room, () => room.remove()));
    const more = good.slice(state.taken);
    if (!more.length) return;
    const end = el.appendChild(element('div', 'end'));
    whenBelow(end, () => {
      end.remove();
      if (live()) more.forEach((block) => draw(el, block, null));
    });
  }

  function mount(el) {
    const state = { asked: signature(el), rooms: [], taken: 0 };
    const old = mounted.get(el);
    mounted.set(el, state);
    el.hidden = false;
    el.setAttribute('aria-busy', 'true');
    state.ready = styled(el).then(() => {
      const rooms = shapeOf(attribute(el, 'beckon')).map((count) => placeholder(count, el));
      if (old || el.firstChild) el.textContent = '';
      rooms.forEach((room) => el.appendChild(room));
      state.rooms = rooms;
      state.taken = rooms.length;
    });
    return { el, state };
  }

  const name = (widget) => attribute(widget.el, 'beckon');

  function request(widgets, seeds) {
    const show = widgets.map(name).filter((one, i, all) => all.indexOf(one) === i);
    ask(Object.assign({ show }, seeds)).then((json) => widgets.forEach((widget) => {
      finish(widget, json.blocks.filter((block) => block && block.asked === name(widget)));
    }), (why) => {
      // One that is spelt wrong, or one too many, must not take the others with it.
      const alone = widgets.length > 1 && (why.status === 400 || why.status === 404);
      if (alone) widgets.forEach((widget) => request([widget], seeds));
      else widgets.forEach((widget) => finish(widget, []));
    }).catch(quiet);
  }

  function finish(widget, blocks) {
    widget.state.ready.then(() => {
      if (mounted.get(widget.el) === widget.state) fill(widget.el, widget.state, blocks);
    }).catch(quiet);
  }

  // All widgets of a page ask together; those about different products cannot.
  function scan() {
    mounted.forEach((state, el) => { if (!el.isConnected) mounted.delete(el); });
    watched.forEach((block, box) => { if (!box.isConnected) watched.delete(box); });
    const found = Array.from(D.querySelectorAll('[data-beckon]'));
    const fresh = found.filter((el) => {
      const state = mounted.get(el);
      const place = attribute(el, 'beckon');
      return place && place !== POPUP && (!state || state.asked !== signature(el));
    });
    const groups = [];
    fresh.forEach((el) => {
      const seeds = seedsOf(el);
      const other = (group, key) => group.seeds[key] && group.seeds[key] !== seeds[key];
      const clash = (group) => Object.keys(seeds).some((key) => other(group, key));
      let group = groups.find((one) => one.widgets.length < NAMES_MAX && !clash(one));
      if (!group) groups.push(group = { seeds: {}, widgets: [] });
      Object.assign(group.seeds, seeds);
      group.widgets.push(mount(el));
    });
    groups.forEach((group) => request(group.widgets, group.seeds));
  }

  // == The pop-up

  let popups = 0;

  function popup(values) {
    const el = D.querySelector('[data-beckon="' + POPUP + '"]');
    const id = values && (values.product_id || values.sku);
    if (!el || !id || !W.HTMLDialogElement) return;
    const mine = ++popups;
    const question = ask({ show: [POPUP], products: [String(id)] });
    Promise.all([question, styled(el)]).then(([json]) => {
      const blocks = json.blocks.filter(showable);
      if (mine === popups && blocks.length) open(el, blocks);
    }).catch(quiet); // No answer, no pop-up.
  }

  // The browser's own dialog: it keeps the focus inside, closes by Escape and gives the focus back.
  function open(el, blocks) {
    el.textContent = '';
    const dialog = element('dialog', 'popup');
    const close = element('button', 'close', '×');
    close.type = 'button';
    close.setAttribute('aria-label', words(el).close);
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener('close', () => dialog.remove());
    dialog.appendChild(close);
    const boxes = blocks.map((block) => dialog.appendChild(section(block, el)));
    dialog.setAttribute('aria-labelledby', boxes[0].querySelector('.beckon-title').id);
    el.appendChild(dialog);
    dialog.showModal();
    boxes.forEach((box, i) => { reachable(box); watch(box, blocks[i]); });
  }

  // == Calls

  function answer(values, fn) {
    if (typeof fn !== 'function') return;
    const plain = typeof values === 'object' ? values : { show: values };
    ask(plain).catch(() => null).then(fn).catch(quiet);
  }

  // beckon('show', 'home', {product_id}) asks anew for the widgets of this name.
  function renew(place, values) {
    D.querySelectorAll('[data-beckon]').forEach((el) => {
      if (attribute(el, 'beckon') !== place) return;
      if (values && values.product_id) el.setAttribute('data-product', values.product_id);
      if (values && values.query) el.setAttribute('data-query', values.query);
      if (mounted.has(el)) mounted.get(el).asked = '';
    });
  }

  let scanning = 0;

  kit.rest = guard(tellSeen);
  kit.go = guard(() => {
    kit.calls.splice(0).forEach(guard(([place, values, fn]) => {
      if (place === 0) answer(values, fn);
      else if (place === POPUP) popup(values);
      else if (place) renew(place, values);
    }));
    const route = location.pathname + location.search;
    if (route !== lastRoute) tellSeen();
    lastRoute = route;
    clearTimeout(scanning);
    // While the page still comes in, its other widgets do: DOMContentLoaded calls again.
    if (D.readyState !== 'loading') scanning = setTimeout(guard(scan), 0);
  });
  kit.go();
})(); } catch (e) { /* The shop's page goes on. */ }
