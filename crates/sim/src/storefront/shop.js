// The cart and the forms of the shop. The tracker may come later, or never: calls to it wait in a queue.
(() => {
  'use strict';

  window.beckon = window.beckon || function () { (window.beckon.q = window.beckon.q || []).push(arguments); };
  const tell = (...call) => window.beckon(...call);

  const ru = document.documentElement.lang === 'ru';
  const say = (russian, english) => (ru ? russian : english);
  const byId = (id) => document.getElementById(id);
  const roubles = (n) => (ru ? n.toLocaleString('ru-RU') + '\u00a0₽' : '₽' + n.toLocaleString('en-US'));
  const QUANTITY_MAX = 20;

  // == The cart

  const number = () => Date.now().toString(36).toUpperCase() + Math.floor(Math.random() * 1296).toString(36).toUpperCase();

  function load() {
    try {
      const cart = JSON.parse(localStorage.getItem('cart'));
      if (cart && typeof cart.id === 'string' && Array.isArray(cart.lines)) return cart;
    } catch (e) { /* Blocked or spoiled: begin anew. */ }
    return { id: 'C-' + number(), lines: [] };
  }

  let cart = load();

  function save() {
    try { localStorage.setItem('cart', JSON.stringify(cart)); } catch (e) { /* It lives as long as the page. */ }
    showCount();
  }

  function showCount() {
    const count = cart.lines.reduce((sum, line) => sum + line.quantity, 0);
    byId('cart-count').textContent = String(count);
    byId('cart-count').hidden = count === 0;
  }

  const lineOf = (id) => cart.lines.find((line) => line.id === id);

  function put(id, quantity) {
    const line = lineOf(id);
    if (quantity <= 0) cart.lines = cart.lines.filter((other) => other.id !== id);
    else if (line) line.quantity = Math.min(quantity, QUANTITY_MAX);
    else cart.lines.push({ id, quantity: Math.min(quantity, QUANTITY_MAX) });
    save();
  }

  // What the shop says today about the lines; those it no longer sells leave the cart.
  async function offers() {
    if (!cart.lines.length) return [];
    const answer = await fetch('/offers.json?ids=' + cart.lines.map((line) => encodeURIComponent(line.id)).join(','));
    const known = new Map((await answer.json()).map((offer) => [offer.id, offer]));
    if (cart.lines.some((line) => !known.has(line.id))) {
      cart.lines = cart.lines.filter((line) => known.has(line.id));
      save();
    }
    return cart.lines.map((line) => ({ ...known.get(line.id), quantity: line.quantity }));
  }

  const fact = (offer) => ({
    product_id: offer.id, name: offer.title, category: offer.category, price: offer.price, quantity: offer.quantity,
  });
  const total = (list) => list.reduce((sum, offer) => sum + offer.price * offer.quantity, 0);

  let toastTimer = 0;
  function toast(text) {
    byId('toast').textContent = text;
    byId('toast').classList.add('on');
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => byId('toast').classList.remove('on'), 4000);
  }

  // == Pages

  const body = document.body.dataset;
  const facts = JSON.parse(body.facts);

  function productPage() {
    tell('product', facts);
    byId('add').addEventListener('click', () => {
      const line = lineOf(facts.product_id);
      put(facts.product_id, (line ? line.quantity : 0) + 1);
      tell('add', { ...facts, quantity: 1, cart_id: cart.id });
      toast(say('Добавлено в корзину', 'Added to the cart'));
    });
  }

  function drawLine(offer) {
    const line = byId('line').content.cloneNode(true).firstElementChild;
    const page = '/product/' + offer.id;
    line.dataset.id = offer.id;
    line.querySelectorAll('a').forEach((link) => { link.href = page; });
    line.querySelector('img').src = '/picture/' + offer.id + '.svg';
    line.querySelector('.line-name').textContent = offer.title;
    line.querySelector('.line-price').textContent = offer.stock ? roubles(offer.price) : say('Раскуплено', 'Sold out');
    line.querySelector('output').textContent = String(offer.quantity);
    line.querySelector('.line-sum').textContent = roubles(offer.price * offer.quantity);
    line.querySelector('[data-step="1"]').disabled = offer.quantity >= QUANTITY_MAX;
    return line;
  }

  // Which goods are advised beside a cart is only known with the cart.
  function suggest(place) {
    const widget = byId('suggest');
    if (!widget || widget.dataset.beckon === place) return;
    widget.dataset.beckon = place;
    tell('show');
  }

  let drawing = 0;
  async function drawCart() {
    const mine = ++drawing;
    const list = await offers();
    if (mine !== drawing) return list; // A later answer was quicker.
    byId('cart').hidden = list.length === 0;
    byId('cart-empty').hidden = list.length > 0;
    if (byId('lines')) byId('lines').replaceChildren(...list.map(drawLine));
    suggest(list.length ? 'cart' : 'empty_cart');
    if (byId('brief')) {
      byId('brief').replaceChildren(...list.map((offer) => {
        const item = document.createElement('li');
        const name = document.createElement('span');
        name.textContent = offer.title + (offer.quantity > 1 ? ' × ' + offer.quantity : '');
        const sum = document.createElement('span');
        sum.textContent = roubles(offer.price * offer.quantity);
        item.append(name, sum);
        return item;
      }));
    }
    document.querySelectorAll('[data-total]').forEach((place) => { place.textContent = roubles(total(list)); });
    return list;
  }

  async function change(id, quantity, focus) {
    const before = lineOf(id) ? lineOf(id).quantity : 0;
    const list = await offers();
    const offer = list.find((other) => other.id === id);
    put(id, quantity);
    const now = lineOf(id) ? lineOf(id).quantity : 0;
    const step = { ...fact(offer), quantity: Math.abs(now - before), cart_id: cart.id };
    if (now > before) tell('add', step);
    if (now < before) tell('remove', step);
    await drawCart();
    const line = document.querySelector('.line[data-id="' + CSS.escape(id) + '"]');
    const next = (line && line.querySelector(focus)) || byId('main');
    next.focus();
  }

  async function cartPage() {
    byId('lines').addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (!button) return;
      const id = button.closest('.line').dataset.id;
      if ('remove' in button.dataset) change(id, 0, '');
      else change(id, lineOf(id).quantity + Number(button.dataset.step), '[data-step="' + button.dataset.step + '"]');
    });
    const list = await drawCart();
    if (list.length) tell('cart', { cart_id: cart.id, currency: 'RUB', products: list.map(fact) });
  }

  // A box left empty says nothing: it is no withdrawal of an earlier consent.
  function introduce(form) {
    const traits = { email: form.email.value.trim() };
    if (form.first_name) traits.firstName = form.first_name.value.trim();
    if (form.consent.checked) traits.email_consent = true;
    tell('identify', traits);
  }

  const order = { order_id: 'M-' + number(), currency: 'RUB' };
  let begun = false;

  // The cart may also come back later, by the link of a mail.
  function begin(list) {
    if (begun || !list.length || body.page !== 'checkout') return;
    begun = true;
    tell('checkout', { ...order, cart_id: cart.id, value: total(list), products: list.map(fact) });
  }

  async function checkoutPage() {
    byId('checkout').addEventListener('submit', async (event) => {
      event.preventDefault();
      const list = await offers();
      if (!list.length) return;
      introduce(event.target);
      tell('order', { ...order, cart_id: cart.id, total: total(list), products: list.map(fact) });
      try { sessionStorage.setItem('order', order.order_id); } catch (e) { /* The page will do without. */ }
      cart = { id: 'C-' + number(), lines: [] };
      save();
      location.href = '/thanks';
    });
    begin(await drawCart());
  }

  function thanksPage() {
    let order = null;
    try { order = sessionStorage.getItem('order'); } catch (e) { /* No number then. */ }
    if (!order) return;
    byId('order').querySelector('b').textContent = order;
    byId('order').hidden = false;
  }

  byId('subscribe').addEventListener('submit', (event) => {
    event.preventDefault();
    introduce(event.target);
    event.target.reset();
    event.target.querySelector('.done').textContent = say('Спасибо! Ждите письмо.', 'Thank you! A letter will come.');
  });

  // Who comes back by a link in a mail finds the cart as it was, also on another device.
  tell('onRestore', (restored) => {
    let back = 0;
    restored.products.forEach((product) => {
      const id = String(product.product_id || product.sku || product.id || '');
      const quantity = Number(product.quantity) || 1;
      if (!id || (lineOf(id) && lineOf(id).quantity >= quantity)) return;
      put(id, quantity);
      back += 1;
    });
    if (!back) return;
    toast(say('Мы вернули вашу корзину', 'Your cart is back'));
    if (byId('lines') || byId('brief')) drawCart().then(begin);
  });

  window.addEventListener('storage', (event) => {
    if (event.key !== 'cart') return;
    cart = load();
    showCount();
    if (byId('lines')) drawCart();
  });

  showCount();
  if (body.page === 'category') tell('category', facts);
  if (body.page === 'product') productPage();
  if (body.page === 'cart') cartPage();
  if (body.page === 'checkout') checkoutPage();
  if (body.page === 'thanks') thanksPage();

  // The shop's time, where the page shows it.
  const clock = document.querySelector('[data-clock]');
  if (clock) {
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch('/clock', { cache: 'no-store' });
        if (answer.ok) clock.textContent = await answer.text();
      } catch (e) { /* The demo was stopped; the last time stays. */ }
    }, 2000);
  }
})();
