/*! beckon.js 0.1.0 | Apache-2.0 */
// The tracker: <script async src="https://HOST/beckon.js" data-key="WRITE_KEY"></script>
// Never throws into the page, loses no event to a closed tab or a dead network. Events as in Segment's HTTP API.
try { (function () {
  'use strict';

  const VERSION = '0.1.0';
  const W = window;
  const D = document;
  const SECOND = 1000, MINUTE = 60000, DAY = 86400000;
  const IDLE = 30 * SECOND; // Older input: nobody looks.
  const DWELL_STEPS = [10, 60, 180]; // Reported at these seconds and on leaving.
  const HEARTBEAT = 5 * MINUTE;
  const QUEUE_EVENTS = 100, QUEUE_CHARS = 65536;
  const VALUES_BYTES = 24000; // The API takes 32 KB with the envelope.
  const BATCH_BYTES = 50000; // Browsers allow 64 KB to outlive a page.
  const ORPHAN_AFTER = 3 * MINUTE; // Hidden tabs still run their timers once a minute.
  const REMEMBERED = 6 * DAY; // The server knows message ids for 7 days.

  function guard(fn) {
    return function () {
      try { return fn.apply(this, arguments); } catch (e) { /* The shop's page goes on. */ }
    };
  }
  // What a page adds to Object.prototype must not become an option.
  const bare = (options) => Object.assign(Object.create(null), options);
  const LISTEN = bare({ passive: true, capture: true });
  const on = (target, type, fn) => target.addEventListener(type, guard(fn), LISTEN);
  const now = () => Date.now();
  const isObject = (v) => typeof v === 'object' && v !== null;
  const every = (ms, fn) => setInterval(guard(fn), ms);
  const after = (ms, fn) => setTimeout(guard(fn), ms);

  const script = D.currentScript || D.querySelector('script[data-key][src*="beckon.js"]');
  const key = script && script.getAttribute('data-key');
  if (!key) return console.warn('beckon.js: no data-key / нет data-key');
  if (typeof W.beckon === 'function' && W.beckon.version) return; // The snippet is on the page twice.
  const origin = new URL(script.src, location.href).origin;

  // == JSON

  // Not JSON.stringify: a page's toJSON, a throwing getter or a circle would lose the event. `lean` above 0 sheds
  // what is least needed.
  function encode(root, lean) {
    const longest = lean ? 100 : 2000;
    const path = [];
    let left = 4000;
    function put(v) {
      if (v === null) return 'null';
      const type = typeof v;
      if (type === 'string') return JSON.stringify(v.slice(0, longest).replace(/[\0\ud800-\udfff]/gu, ''));
      if (type === 'number' || type === 'boolean') return isFinite(v) ? String(v) : 'null';
      if (type !== 'object' || path.length > 6 || path.indexOf(v) >= 0 || v instanceof Node || v === W) return '';
      if (v instanceof Date) return '"' + v.toISOString() + '"';
      path.push(v);
      const text = Array.isArray(v) ? list(v) : object(v);
      path.pop();
      return text;
    }
    function attempt(v, field) {
      const depth = path.length;
      try { return left-- > 0 ? put(v[field]) : ''; } catch (e) { path.length = depth; return ''; }
    }
    function list(v) {
      let out = '';
      for (let i = 0; i < v.length && i < (lean > 1 ? 100 : 500); i++) {
        const text = attempt(v, i);
        if (text) out += (out && ',') + text;
      }
      return '[' + out + ']';
    }
    function object(v) {
      let out = '';
      Object.keys(v).forEach((field) => {
        // What a line of a big cart cannot do without.
        if (lean && path.length > 1 && !/(_id|sku|quantity|price|variant)$/.test(field)) return;
        const text = attempt(v, field);
        if (text) out += (out && ',') + JSON.stringify(field.slice(0, 100)) + ':' + text;
      });
      return '{' + out + '}';
    }
    return attempt([root], 0) || '{}';
  }

  // An upper bound of the length in UTF-8.
  const bytes = (text) => text.length + 2 * text.replace(/[\0-\x7f]/g, '').length;

  function fit(value) {
    if (!isObject(value) || Array.isArray(value)) return '{}';
    for (let lean = 0; lean < 3; lean++) {
      const text = encode(value, lean);
      if (bytes(text) < VALUES_BYTES) return text;
    }
    return '{}';
  }

  // == Storage and identity

  // Reading the property alone may throw.
  const store = {
    get: guard((name) => W.localStorage.getItem(name)),
    set: guard((name, value) => { W.localStorage.setItem(name, value); return true; }),
    remove: guard((name) => W.localStorage.removeItem(name)),
    names: () => guard(() => Object.keys(W.localStorage))() || [],
  };

  function uuid() {
    const b = [];
    for (let i = 0; i < 16; i++) b[i] = Math.random() * 256 | 0;
    guard(() => W.crypto.getRandomValues(new Uint8Array(16)).forEach((x, i) => { b[i] = x; }))();
    b[6] = b[6] & 15 | 64;
    b[8] = b[8] & 63 | 128;
    return b.map((x, i) => (/^(4|6|8|10)$/.test(i) ? '-' : '') + (x + 256).toString(16).slice(1)).join('');
  }

  const readCookie = guard((name) => (('; ' + D.cookie).split('; ' + name + '=')[1] || '').split(';')[0]);
  const writeCookie = guard((name, value, domain, age) => {
    D.cookie = name + '=' + value + '; path=/; max-age=' + age + '; SameSite=Lax'
      + (domain ? '; domain=' + domain : '') + (location.protocol === 'https:' ? '; Secure' : '');
  });

  // Browsers refuse public suffixes, so no list is needed.
  let domain;
  function widestDomain() {
    if (domain !== undefined) return domain;
    const parts = location.hostname.split('.');
    domain = '';
    for (let i = parts.length - 2; i >= 0 && !domain && !/^[\d.]+$/.test(location.hostname); i--) {
      const candidate = parts.slice(i).join('.');
      writeCookie('_bkn_try', 1, candidate, 9);
      if (readCookie('_bkn_try')) domain = candidate;
      writeCookie('_bkn_try', '', candidate, 0);
    }
    return domain;
  }

  const valid = (id) => /^[\w-]{8,64}$/.test(id || '') && id;
  let anonymous = null; // For where neither cookie nor storage works.
  let user = null;

  // Cookie and localStorage restore each other.
  function anonymousId() {
    const cookie = valid(readCookie('_bkn'));
    const stored = valid(store.get('_bkn'));
    const id = cookie || stored || anonymous || uuid();
    if (cookie !== id || stored !== id) remember(id);
    return id;
  }

  function remember(id) {
    anonymous = id;
    store.set('_bkn', id);
    writeCookie('_bkn', id, widestDomain(), 63072000);
  }

  // Another tab may have logged out.
  const userId = () => store.get('_bkn_u') || (store.get('_bkn') ? null : user);

  function reset() {
    leaveProduct();
    user = null;
    store.remove('_bkn_u');
    store.remove('_bkn_m');
    memory = '';
    remember(uuid());
  }

  // Shops print "null" where nobody is logged in.
  function realId(id) {
    if (typeof id !== 'string' && typeof id !== 'number') return null;
    const text = String(id).trim().slice(0, 200);
    return /^(|0|null|undefined|nan|false|none|guest|anonymous|\[object object\])$/i.test(text) ? null : text;
  }

  // == The queue

  // One localStorage entry per page, as tabs must not overwrite each other: a line with the last sign of life (0 =
  // page gone), then one per event: kept, time, message id, JSON. An entry with only a time was taken by another.
  const QUEUE = '_bkn_q.';
  const MINE = QUEUE + uuid();
  let queue = [];
  let stored = false;
  let gone = false; // In the back/forward cache.

  function parse(raw) {
    return raw.split('\n').slice(1).map((line) => {
      const m = /^([01]) (\d+) (\S{1,99}) (\{.*\})$/.exec(line);
      if (!m || (m[1] === '0' && Number(m[2]) < now() - REMEMBERED)) return null;
      try { JSON.parse(m[4]); } catch (e) { return null; }
      return { keep: m[1] === '1', at: Number(m[2]), id: m[3], json: m[4] };
    }).filter(Boolean);
  }

  function save() {
    let size = queue.reduce((sum, e) => sum + e.json.length + 64, 0);
    while (queue.length > QUEUE_EVENTS || size > QUEUE_CHARS) {
      const ordinary = queue.findIndex((e) => !e.keep);
      size -= queue.splice(Math.max(ordinary, 0), 1)[0].json.length + 64;
    }
    if (queue.length) {
      const lines = queue.map((e) => (e.keep ? 1 : 0) + ' ' + e.at + ' ' + e.id + ' ' + e.json);
      stored = store.set(MINE, (gone ? 0 : now()) + '\n' + lines.join('\n'));
    } else if (stored) {
      store.remove(MINE);
      stored = false;
    }
  }

  function sync() {
    const raw = stored ? store.get(MINE) : null;
    if (raw && raw.indexOf('\n') < 0) queue = [];
  }

  function adopt() {
    const take = guard(() => {
      store.names().forEach((name) => {
        if (name.indexOf(QUEUE) !== 0 || name === MINE) return;
        const raw = store.get(name) || '';
        const seen = parseInt(raw, 10) || 0;
        if (Math.abs(now() - seen) < ORPHAN_AFTER) return;
        const taken = raw.indexOf('\n') < 0;
        if (seen === 0 || (taken && Math.abs(now() - seen) > DAY)) store.remove(name);
        else if (!taken) store.set(name, String(now()));
        if (!taken) queue = parse(raw).concat(queue);
      });
      save();
      schedule(0);
    });
    const locks = W.navigator.locks;
    // On plain http two may take the same; the server drops one copy.
    if (!locks) return take();
    locks.request('_bkn', bare({ ifAvailable: true }), (lock) => { if (lock) take(); }).catch(take);
  }

  // == Sending

  let timer = 0, due = 0;
  let flying = []; // What the request now under way carries.
  let failures = 0;
  let retryAt = 0;

  // Retry-After binds all tabs and the next pages; a lost network only this page.
  const serverWait = () => {
    const until = Number(store.get('_bkn_w')) || 0;
    return until < now() + 3600 * SECOND ? until : 0;
  };

  function schedule(ms) {
    const at = Math.max(now() + ms, retryAt, serverWait());
    if (timer && due <= at) return; // Nor put it off for ever.
    clearTimeout(timer);
    due = at;
    timer = after(at - now(), flush);
  }

  function head(events) {
    let size = 200;
    return events.filter((e) => (size += bytes(e.json) + 1) < BATCH_BYTES);
  }

  function envelope(events) {
    return '{"writeKey":' + JSON.stringify(key) + ',"batch":[' + events.map((e) => e.json).join(',')
      + '],"sentAt":"' + new Date(now()).toISOString() + '"}';
  }

  function settled(response) {
    const ids = flying.map((e) => e.id);
    flying = [];
    const status = response ? response.status : 0;
    if (!status || status === 408 || status === 429 || status >= 500) {
      const asked = response && response.headers.get('Retry-After');
      const wait = Math.min(2 ** Math.min(failures++, 9) * SECOND, 5 * MINUTE) * (0.75 + Math.random() / 2);
      const told = asked ? (Number(asked) * SECOND || Date.parse(asked) - now() || 0) : 0;
      retryAt = now() + Math.max(wait, Math.min(told, 3500 * SECOND));
      if (told > 0) store.set('_bkn_w', String(retryAt));
    } else {
      // Delivered, or refused for good.
      failures = retryAt = 0;
      store.remove('_bkn_w');
      sync();
      queue = queue.filter((e) => ids.indexOf(e.id) < 0);
      save();
    }
    if (queue.length && !gone) schedule(0);
  }

  function flush() {
    timer = 0;
    sync();
    if (flying.length || !queue.length || gone) return;
    if (Math.max(retryAt, serverWait()) > now()) return schedule(0);
    if (!W.fetch) {
      const sent = beacon();
      queue = queue.filter((e) => sent.indexOf(e) < 0);
      return save();
    }
    flying = head(queue);
    const done = guard(settled);
    try {
      // A string goes as text/plain, which needs no CORS preflight.
      const options = bare({ method: 'POST', body: envelope(flying), keepalive: true });
      W.fetch(origin + '/v1/b', options).then(done, () => done());
    } catch (e) { done(); }
  }

  // Nobody hears the answer: the next page repeats the events under the same ids.
  function beacon() {
    const rest = head(queue.filter((e) => flying.indexOf(e) < 0));
    if (!rest.length || !W.navigator.sendBeacon || serverWait() > now()) return [];
    const url = origin + '/beacon/v1/batch?writeKey=' + encodeURIComponent(key);
    return W.navigator.sendBeacon(url, envelope(rest)) ? rest : [];
  }

  // == Events

  // Addresses carry what nobody meant to share: e-mails, tokens.
  function safeUrl(url) {
    return String(url || '')
      .replace(/([?&;#])([^?&;#]*)/g, (all, mark, part) => (
        /@|%(25)*40|^[\w-]*(e-?mail|phone|password|token|bkn)=/i.test(part) ? mark.replace('&', '') : all))
      .replace(/[^/]*(@|%(25)*40)[^/]*/g, '')
      .replace(/([?#])&+/g, '$1').replace(/[?#]+(?=#|$)/g, '').slice(0, 1000);
  }

  let referrer = safeUrl(D.referrer);

  function pageContext() {
    const url = safeUrl(location.href);
    const search = url.replace(/^[^?]*|#.*/g, '');
    return { url, path: safeUrl(location.pathname), search, title: D.title, referrer };
  }

  function context(page) {
    const n = W.navigator, s = W.screen || {};
    return {
      library: { name: 'beckon.js', version: VERSION }, page, locale: n.language,
      timezone: guard(() => Intl.DateTimeFormat().resolvedOptions().timeZone)(),
      userAgent: n.userAgent,
      screen: { width: s.width, height: s.height, density: W.devicePixelRatio },
    };
  }

  let lastEvent = 0;

  // `bag`: "properties" or "traits"; `at`: when it happened, if not just now.
  function emit(type, fields, bag, values, at) {
    const id = 'bkn-' + uuid();
    const keep = type === 'identify' || fields.event === 'Order Completed';
    const time = at || now();
    const text = encode(Object.assign({
      type, messageId: id, anonymousId: anonymousId(), userId: userId() || undefined,
      timestamp: new Date(time).toISOString(), context: context(pageContext()),
    }, fields), 0).slice(0, -1) + ',"' + bag + '":' + fit(values) + '}';
    lastEvent = now();
    sync();
    queue.push({ keep, at: time, id, json: text });
    save();
    schedule(keep ? 0 : 250); // One request for the events of a page load.
  }

  function track(event, values, at) {
    emit('track', { event }, 'properties', values, at);
    if (/^(Product (Viewed|Added|Removed)|Cart Viewed|Order Completed)$/.test(event)) note(event, values);
  }

  function identify(who, traits) {
    const id = realId(who);
    if (id) {
      if (userId() && userId() !== id) reset(); // Another person at the same browser.
      store.set('_bkn_u', user = id);
    }
    const values = isObject(who) ? who : traits;
    if (id || isObject(values)) emit('identify', {}, 'traits', values);
  }

  // == What widgets ask with: ids of goods, newest last

  let memory = '';

  function recall() {
    const m = bare(guard(JSON.parse)(store.get('_bkn') ? store.get('_bkn_m') : memory));
    return { viewed: [].concat(m.viewed || []), bought: [].concat(m.bought || []), cart: bare(m.cart) };
  }

  const note = guard((event, values) => {
    const m = recall();
    const list = event === 'Product Viewed' ? 'viewed' : event === 'Order Completed' ? 'bought' : '';
    if (/^[CO]/.test(event)) m.cart = bare();
    [].concat(values.products || values).slice(0, 200).forEach((p) => {
      const id = realId(p.product_id || p.sku);
      if (!id) return;
      if (list) m[list] = m[list].filter((old) => old !== id).concat(id).slice(-20);
      else m.cart[id] = (m.cart[id] || 0) + (event === 'Product Removed' ? -1 : 1) * (p.quantity || 1);
    });
    Object.keys(m.cart).forEach((id, i) => { if (!(m.cart[id] > 0) || i > 49) delete m.cart[id]; });
    store.set('_bkn_m', memory = encode(m, 0));
  });

  // == Dwell and presence

  let product = null; // What is looked at: { id, ms, sent (seconds reported), at (counted up to), since }
  let lastInput = 0;
  let visible = false;

  function count() {
    if (!product) return;
    const t = now();
    if (visible) product.ms += Math.max(0, Math.min(t, lastInput + IDLE) - product.at);
    product.at = Math.max(t, lastInput);
    const secs = Math.floor(product.ms / SECOND);
    if (DWELL_STEPS.some((step) => product.sent < step && step <= secs)) reportDwell(secs);
  }

  function reportDwell(secs) {
    product.sent = secs;
    track('Product Dwelled', { product_id: product.id, dwell_secs: secs }, Math.min(now(), lastInput + IDLE));
  }

  function reportRest() {
    guard(kit.rest)();
    count();
    const secs = product && Math.floor(product.ms / SECOND);
    if (product && secs > product.sent) reportDwell(secs);
  }

  function leaveProduct() {
    reportRest();
    if (product) clearInterval(product.ticker);
    product = null;
  }

  function enterProduct(values) {
    const id = isObject(values) ? realId(values.product_id) : null;
    if (id) product = { id, ms: 0, sent: 0, at: now(), since: now(), ticker: every(SECOND, count) };
  }

  function input(event) {
    const t = now();
    if (!event.isTrusted || (t >= lastInput && t - lastInput < SECOND)) return;
    count();
    lastInput = t;
    if (visible && t - lastEvent >= HEARTBEAT) track('Heartbeat', {});
  }

  // Not "scroll": carousels do.
  ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart', 'touchmove'].forEach((t) => on(W, t, input));

  // == Pages

  let lastPage = null;
  let lastUrl = null;

  // A fragment is part of the address only where a router lives in it.
  const route = () => location.pathname + location.search + (/^#[/!]/.test(location.hash) ? location.hash : '');

  function page(values) {
    lastPage = route();
    if (lastUrl && lastUrl !== safeUrl(location.href)) referrer = lastUrl;
    const here = pageContext();
    lastUrl = here.url;
    if (isObject(values)) guard(Object.assign)(here, values);
    emit('page', {}, 'properties', here);
    widgets();
  }

  function routed() {
    if (route() === lastPage) return;
    // Some announce the product just before.
    if (product && now() - product.since > SECOND) leaveProduct();
    after(0, () => { if (route() !== lastPage) page(); }); // By then the title is the new one.
  }

  // == Links from our mails

  let token = null;

  function readToken() {
    const m = /[?&]bkn=([\w.~-]{1,500})(?=&|$)/.exec(location.search);
    if (!m) return;
    token = m[1];
    const search = location.search.replace(/([?&])bkn=[^&]*&?/, '$1').replace(/[?&]$/, '');
    guard(() => W.history.replaceState(W.history.state, '', location.pathname + search + location.hash))();
    // A reload is no second click.
    const again = guard(() => {
      const seen = W.sessionStorage.getItem('_bkn_t');
      W.sessionStorage.setItem('_bkn_t', token);
      return seen === token;
    })();
    if (!again) track('Message Clicked', { token });
  }

  function restore(fn) {
    if (!token || typeof fn !== 'function' || !W.fetch) return;
    W.fetch(origin + '/r/cart?token=' + token)
      .then((response) => (response.ok ? response.json() : null))
      .then((cart) => { if (cart && Array.isArray(cart.products)) fn(cart); })
      .catch(() => {});
  }

  // == Widgets: another file, for the pages that have some

  const kit = bare({ key, origin, guard, encode, track, anonymousId, recall, calls: [] });

  function widgets(call) {
    if (call) kit.calls.push(call);
    if (kit.go) return kit.go();
    if (kit.tag || !call && !D.querySelector('[data-beckon]')) return;
    kit.tag = D.createElement('script');
    kit.tag.src = origin + '/widgets.js';
    kit.tag.nonce = script.nonce;
    D.head.appendChild(kit.tag);
  }

  // == The API

  const API = bare({
    page,
    product(values) { leaveProduct(); track('Product Viewed', values); enterProduct(values); },
    category: (values) => track('Product List Viewed', values),
    add(values) {
      track('Product Added', values);
      if (D.querySelector('[data-beckon=added_to_cart]')) widgets(['added_to_cart', values]);
    },
    remove: (values) => track('Product Removed', values),
    cart: (values) => track('Cart Viewed', values),
    checkout: (values) => track('Checkout Started', values),
    order: (values) => track('Order Completed', values),
    track(name, values) { if (typeof name === 'string' && name) track(name.slice(0, 200), values); },
    identify,
    consent: (values) => identify(values),
    reset,
    onRestore: restore,
    show: (name, values) => widgets([name, values]),
    recommend: (values, fn) => widgets([0, values, fn]),
  });

  const api = guard((method, a, b) => API[method](a, b));
  api.version = VERSION;
  api.kit = kit;

  function start() {
    const early = guard(() => Array.from(W.beckon.q))() || [];
    W.beckon = api;
    visible = D.visibilityState !== 'hidden';
    remember(anonymousId()); // Every visit renews the two years.
    const push = W.history.pushState;
    W.history.pushState = function () {
      const result = push.apply(this, arguments);
      guard(routed)();
      return result;
    };
    on(W, 'popstate', routed);
    on(W, 'online', () => { retryAt = failures = 0; flush(); });
    on(D, 'visibilitychange', () => {
      if (D.visibilityState === 'hidden') {
        reportRest();
        visible = false;
        // A keepalive request outlives the page and, unlike a beacon, is answered.
        if (gone) return;
        if (flying.length || !W.fetch || !('keepalive' in Request.prototype)) beacon(); else flush();
      } else {
        count();
        visible = true;
      }
    });
    on(W, 'pagehide', () => { reportRest(); gone = true; sync(); beacon(); save(); });
    on(W, 'pageshow', (event) => {
      if (!event.persisted) return;
      gone = false;
      if (stored && !store.get(MINE)) queue = []; // The next page took them over.
      save();
      schedule(0);
    });
    every(MINUTE, () => { sync(); if (queue.length && !gone) save(); });

    on(D, 'DOMContentLoaded', () => widgets());
    readToken();
    adopt();
    if (!early.some((call) => call[0] === 'page')) page();
    early.forEach((call) => api(call[0], call[1], call[2]));
  }

  // A prerendered page has been seen by nobody yet.
  if (D.prerendering) D.addEventListener('prerenderingchange', guard(start), { once: true });
  else guard(start)();
})(); } catch (e) { /* As above. */ }
