// The mailbox: a list that asks every two seconds whether something has come, and one mail beside it.
// What mails say is put in as text only; their HTML goes into the sandboxed frame.
(() => {
  'use strict';

  const byId = (id) => document.getElementById(id);
  const ru = document.documentElement.lang === 'ru';
  const say = (russian, english) => (ru ? russian : english);
  const ASK_EVERY = 2000;

  let tag = '';
  let shownNumber = 0; // The mail in the reader.
  let newest = 0;

  // == The list

  const time = (at) => {
    const date = new Date(at);
    const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Moscow' };
    return date.toLocaleString(ru ? 'ru-RU' : 'en-GB', options);
  };
  const nameOf = (address) => address.replace(/\s*<[^>]*>$/, '') || say('(без отправителя)', '(no sender)');
  const subjectOf = (mail) => mail.subject || say('(без темы)', '(no subject)');

  function put(parent, kind, name, text) {
    const element = document.createElement(kind);
    element.className = name;
    element.textContent = text;
    parent.append(element);
    return element;
  }

  function row(mail) {
    const item = document.createElement('li');
    const link = put(item, 'a', 'row', '');
    link.href = '#' + mail.number;
    if (mail.number === shownNumber) link.setAttribute('aria-current', 'true');
    const top = put(link, 'span', 'row-top', '');
    put(top, 'span', 'row-to', mail.to);
    put(top, 'time', 'row-at', time(mail.at));
    put(link, 'span', 'row-subject', subjectOf(mail));
    put(link, 'span', 'row-from', nameOf(mail.from));
    put(link, 'span', 'row-preview', mail.preview);
    return item;
  }

  let asking = false;
  async function ask() {
    if (asking || document.visibilityState === 'hidden') return;
    asking = true;
    try {
      const to = byId('filter').to.value;
      const headers = tag ? { 'If-None-Match': tag } : {};
      const answer = await fetch('/list.json?to=' + encodeURIComponent(to), { headers, cache: 'no-store' });
      if (answer.status !== 200) return;
      const list = await answer.json();
      if (to !== byId('filter').to.value) return;
      tag = answer.headers.get('ETag') || '';
      draw(list, to);
    } catch (e) { /* The demo is being restarted; ask again. */ } finally { asking = false; }
  }

  function draw(list, to) {
    const focused = document.activeElement && document.activeElement.hash;
    byId('mails').replaceChildren(...list.mails.map(row));
    if (focused) {
      const link = byId('mails').querySelector('a[href="' + CSS.escape(focused).replace('\\#', '#') + '"]');
      if (link) link.focus({ preventScroll: true });
    }
    byId('count').textContent = list.count ? String(list.count) : '';
    byId('empty').hidden = list.count > 0 || to !== '';
    byId('none').hidden = list.count > 0 || to === '';
    const first = list.mails.length ? list.mails[0].number : 0;
    if (newest && first > newest) byId('news').textContent = say('Новое письмо: ', 'New mail: ') + subjectOf(list.mails[0]);
    newest = Math.max(newest, first);
  }

  byId('filter').addEventListener('submit', (event) => event.preventDefault());
  byId('filter').addEventListener('input', () => { tag = ''; ask(); });
  document.addEventListener('visibilitychange', ask);
  setInterval(ask, ASK_EVERY);

  // Up and down walk through the list, as in any mail program.
  byId('mails').addEventListener('keydown', (event) => {
    const item = event.target.closest('li');
    const next = event.key === 'ArrowDown' ? item.nextElementSibling : event.key === 'ArrowUp' ? item.previousElementSibling : null;
    if (!next) return;
    event.preventDefault();
    next.firstElementChild.focus();
  });

  // == One mail

  const tabs = Array.from(document.querySelectorAll('[data-view]'));
  let mail = null;

  async function view(name) {
    tabs.forEach((tab) => {
      const on = tab.dataset.view === name;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      byId('view-' + tab.dataset.view).hidden = !on;
    });
    document.querySelector('.widths').hidden = name !== 'html';
    if (name === 'source' && mail && !byId('view-source').textContent) {
      const asked = mail.number;
      const text = await (await fetch('/mail/' + asked + '/source')).text();
      if (mail && mail.number === asked) byId('view-source').textContent = text;
    }
  }

  tabs.forEach((tab) => tab.addEventListener('click', () => view(tab.dataset.view)));
  document.querySelector('.tabs').addEventListener('keydown', (event) => {
    const usable = tabs.filter((tab) => !tab.disabled);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = usable[(usable.indexOf(event.target) + step + usable.length) % usable.length];
    next.focus();
    view(next.dataset.view);
  });

  const widths = Array.from(document.querySelectorAll('[data-width]'));
  widths.forEach((button) => button.addEventListener('click', () => {
    widths.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
    byId('view-html').classList.toggle('phone', button.dataset.width === 'phone');
  }));

  async function open() {
    shownNumber = Number(location.hash.slice(1)) || 0;
    document.querySelectorAll('.row').forEach((link) => {
      if (link.hash === '#' + shownNumber) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    });
    document.body.classList.toggle('reading', shownNumber > 0);
    const asked = shownNumber;
    const answer = asked ? await fetch('/mail/' + asked) : null;
    if (asked !== shownNumber) return;
    mail = answer && answer.ok ? await answer.json() : null;
    byId('mail').hidden = !mail;
    byId('hint').hidden = Boolean(mail);
    // On a phone the reader hides the list; without a mail there would be no way back.
    if (!mail) return document.body.classList.remove('reading');
    byId('subject').textContent = subjectOf(mail);
    byId('from').textContent = mail.from || say('(без отправителя)', '(no sender)');
    byId('to').textContent = mail.to;
    byId('at').textContent = new Date(mail.at).toLocaleString(ru ? 'ru-RU' : 'en-GB', { timeZone: 'Europe/Moscow' });
    byId('view-text').textContent = mail.text;
    byId('view-source').textContent = '';
    byId('tab-html').disabled = !mail.html;
    byId('frame').src = mail.html ? '/mail/' + mail.number + '/html' : 'about:blank';
    view(mail.html ? 'html' : 'text');
    byId('reader').scrollTop = 0;
  }

  window.addEventListener('hashchange', open);
  ask();
  open();

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
