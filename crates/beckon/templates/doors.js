// The shop's clock, read every second; without it the page shows the time it was made.
(() => {
  const clock = document.getElementById('clock');
  if (!clock) return;
  const show = (text) => {
    const [days, time, morning] = text.trim().split(' ');
    const night = document.getElementById('night');
    night.dataset.usual ??= night.textContent;
    night.textContent = morning ? night.dataset.said : night.dataset.usual;
    const date = new Date(Number(days) * 86400000);
    const day = new Intl.DateTimeFormat(clock.dataset.lang, {
      weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC',
    }).format(date);
    clock.textContent = `${time}, ${day}`;
  };
  const read = async () => {
    try {
      const answer = await fetch('/clock');
      if (answer.ok) show(await answer.text());
    } catch { /* The demo was stopped; the last time stays. */ }
  };
  show(clock.textContent);
  setInterval(() => { if (document.visibilityState === 'visible') read(); }, 1000);
})();
