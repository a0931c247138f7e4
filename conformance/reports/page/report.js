"use strict";
(() => {
  const clauses = [...document.querySelectorAll(".clause")];
  const chapters = [...document.querySelectorAll(".chapter")];
  const words = new Map();
  const search = document.getElementById("search");
  const all = document.getElementById("show-all");

  const textOf = (clause) => {
    if (!words.has(clause)) words.set(clause, clause.textContent.toLowerCase());
    return words.get(clause);
  };

  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = document.querySelector("input[name=show]:checked").value;
    let shown = 0;
    for (const clause of clauses) {
      const fits = !verdict || clause.dataset.verdict === verdict;
      clause.hidden = !(fits && wanted.every((word) => textOf(clause).includes(word)));
      shown += clause.hidden ? 0 : 1;
    }
    for (const chapter of chapters) chapter.hidden = !chapter.querySelector(".clause:not([hidden])");
    document.getElementById("nothing").hidden = shown > 0;
    document.getElementById("shown").value = `${shown} of ${clauses.length}`;
  };

  const unfoldTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.matches(".clause, .chapter") && target.hidden) {
      search.value = "";
      all.checked = true;
      filter();
    }
    if (target.matches(".clause")) target.open = true;
    target.scrollIntoView();
  };

  const copy = async (form) => {
    const code = form.querySelector("code");
    const button = form.querySelector("button");
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  const grid = [...document.querySelectorAll(".grid tbody tr")].map((row) => [...row.querySelectorAll("a.spot")]);
  const walk = (event) => {
    const row = grid.findIndex((spots) => spots.includes(event.target));
    if (row < 0) return;
    const x = (spot) => spot.getBoundingClientRect().x;
    const along = (step) => grid[row][grid[row].indexOf(event.target) + step];
    const nearest = (spots) => [...spots].sort((a, b) => Math.abs(x(a) - x(event.target)) - Math.abs(x(b) - x(event.target)))[0];
    const above = grid.slice(0, row).reverse().find((spots) => spots.length);
    const below = grid.slice(row + 1).find((spots) => spots.length);
    const steps = {
      ArrowLeft: () => along(-1), ArrowRight: () => along(1),
      ArrowUp: () => above && nearest(above), ArrowDown: () => below && nearest(below),
    };
    const next = steps[event.key]?.();
    if (!next) return;
    event.preventDefault();
    for (const spot of grid.flat()) spot.tabIndex = spot === next ? 0 : -1;
    next.focus();
  };
  grid.flat().forEach((spot, index) => { spot.tabIndex = index ? -1 : 0; });
  addEventListener("keydown", walk);

  document.querySelector(".search").hidden = false;
  for (const button of document.querySelectorAll(".repeat button")) button.hidden = false;
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    copy(event.target);
  });
  search.addEventListener("input", filter);
  for (const choice of document.querySelectorAll("input[name=show]")) choice.addEventListener("change", filter);
  addEventListener("hashchange", unfoldTarget);
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input")) return;
    event.preventDefault();
    search.focus();
  });
  filter();
  unfoldTarget();
})();
