"use strict";
(() => {
  const rows = [...document.querySelectorAll(".rows li")].map((row) => [row, row.textContent.toLowerCase()]);
  const search = document.getElementById("search");

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const level = document.querySelector("input[name=level]:checked").value;
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = (level && row.dataset.level !== level) || !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    for (const chapter of document.querySelectorAll(".chapter")) chapter.hidden = !chapter.querySelector("li:not([hidden])");
    document.getElementById("nothing").hidden = shown > 0;
    document.getElementById("shown").value = `${shown} of ${rows.length}`;
  };

  document.querySelector(".tools").hidden = false;
  document.querySelector(".tools").addEventListener("input", filter);
  filter();
})();
