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
