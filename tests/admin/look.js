// Asked of every page: what is wrong on it, and where its large parts stand.
(foreign, narrow) => {
  const wrong = [];
  const box = {};
  const others = new Set(foreign);

  if (document.documentElement.scrollWidth > innerWidth + 1) {
    const sticksOut = (one) => one.getBoundingClientRect().right > innerWidth + 1;
    const wide = [...document.querySelectorAll('main *')].find(sticksOut);
    wrong.push(`it is ${document.documentElement.scrollWidth} px wide: ${(wide?.outerHTML ?? '').slice(0, 120)}`);
  }

  const raw = document.body.innerText.match(/⟦.*?⟧/);
  if (raw) wrong.push(`a raw key: ${raw[0]}`);

  // What shops, shoppers and programs wrote may be in any language.
  const data = [
    'code', 'pre', 'textarea', 'script', 'time', 'svg', 'option', '[lang]', '.mono', '.break', '.brand', '.account',
    '.name', '.tiles', '.goods', 'dd', 'td', 'iframe', '.timeline',
  ].join();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.parentElement.closest(data) || !node.parentElement.checkVisibility()) continue;
    for (const word of node.textContent.toLowerCase().match(/\p{L}+/gu) ?? []) {
      if (others.has(word)) wrong.push(`the other language: ${word} in ${node.textContent.trim().slice(0, 80)}`);
    }
  }

  for (const one of narrow ? document.querySelectorAll('main button, main .button, main select, .dock > *') : []) {
    const at = one.getBoundingClientRect();
    const small = at.height < 36 || at.width < 24;
    if (at.height > 0 && small) wrong.push(`too small for a finger: ${one.outerHTML.slice(0, 100)}`);
  }

  const parts = { main: 'main', side: '.side', dock: '.dock', head: 'main h1' };
  for (const [name, selector] of Object.entries(parts)) {
    const at = document.querySelector(selector)?.getBoundingClientRect();
    if (at) box[name] = [at.left, name === 'head' ? 0 : at.width];
  }
  return { wrong, box, ground: getComputedStyle(document.body).backgroundColor };
}
