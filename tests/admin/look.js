// Asked of every page: what is wrong on it, where its large parts stand, and its ground in each theme.
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

  // What shops, shoppers and programs wrote may be in any language; `data-own` marks our words among theirs.
  const data = [
    'code', 'pre', 'textarea', 'script', 'time', 'svg', 'option', '[lang]', '.mono', '.break', '.brand', '.account',
    '.name', '.tiles', '.goods', 'dd', 'iframe', '.timeline',
  ].join();
  const theirs = (one) => {
    const at = one.closest(`${data}, [data-own]`);
    return at && !at.matches('[data-own]');
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (others.size > 0 && walk.nextNode()) {
    const node = walk.currentNode;
    // Names of files, hosts and people are nobody's words.
    const said = node.textContent.toLowerCase().replace(/\S*[./@]\p{L}\S*/gu, ' ');
    const found = (said.match(/\p{L}+/gu) ?? []).filter((word) => others.has(word));
    if (found.length === 0 || theirs(node.parentElement) || !node.parentElement.checkVisibility()) continue;
    for (const word of found) wrong.push(`the other language: ${word} in ${node.textContent.trim().slice(0, 80)}`);
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
  const theme = document.documentElement.dataset.theme;
  const grounds = ['light', 'dark'].map((each) => {
    document.documentElement.dataset.theme = each;
    return getComputedStyle(document.body).backgroundColor;
  });
  document.documentElement.dataset.theme = theme;
  return { wrong, box, grounds };
}
