"use strict";
/* What a reader has done: the steps that were opened, and the exercises that are marked as solved. Kept in this browser, and
   nowhere else. Other sites of the same origin keep theirs beside it, and a browser may refuse to keep anything. */

(() => {
  function kept(key) {
    try {
      const names = JSON.parse(localStorage.getItem(key));
      return new Set(Array.isArray(names) ? names : []);
    } catch {
      return new Set(); // what lies there is not ours
    }
  }

  function keep(key, names) {
    try {
      localStorage.setItem(key, JSON.stringify([...names]));
    } catch {
      // Nothing is kept, and the marks of this page are right all the same.
    }
  }

  function mark(link, word, className = "visually-hidden") {
    link.classList.add(word);
    link.append(Object.assign(document.createElement("span"), { className, textContent: ` (${word})` }));
  }

  /* The name of a page, as its address ends: "04_softmax". */
  const nameOf = (link) => link.pathname.match(/([^/]*?)(?:\.html)?$/)[1];

  const VISITED = "mnistlesson.visited";
  const visited = kept(VISITED);
  const here = document.querySelector(".step-head [aria-current]");
  if (here) keep(VISITED, visited.add(nameOf(here)));
  document.querySelectorAll(".step-head li a, .steps > li > p:first-of-type > a").forEach((link) => {
    if (visited.has(nameOf(link)) && link !== here) mark(link, "visited");
  });

  const SOLVED = "mnistlesson.solved";
  const solved = kept(SOLVED);
  document.querySelectorAll(".exercises > li > p:first-of-type > a").forEach((link) => {
    if (solved.has(nameOf(link))) mark(link, "solved", "solved-word");
  });
  const box = document.querySelector(".solved-mark input");
  box?.addEventListener("change", () => {
    if (box.checked) solved.add(box.value);
    else solved.delete(box.value);
    keep(SOLVED, solved);
  });
  if (box) box.checked = solved.has(box.value);
})();
