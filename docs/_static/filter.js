"use strict";
/* The field above a list of entries: it leaves those that a pasted message, or a few typed words, may be about. */

(() => {
  const field = document.getElementById("filter");
  const told = document.getElementById("filter-told");
  const wordsOf = (text) => new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]+/gu));

  const links = Array.from(document.querySelectorAll("article li > p:only-child > a[href^='#']"));
  const entries = links.map((link) => {
    const section = document.getElementById(link.hash.slice(1)).closest("section");
    const anchor = link.hash.slice(1);
    const others = Object.values(SEARCH_WORDS).flatMap((places) => places[anchor] ?? []);
    const names = [link.textContent, ...others].map(wordsOf);
    return { item: link.closest("li"), section, names, text: section.textContent.toLowerCase() };
  });
  const groups = Array.from(new Set(entries.map(({ item }) => item.parentNode)), (list) => [list, list.previousElementSibling]);
  const parents = new Set(entries.map(({ section }) => section.parentNode.closest("section")));

  const count = new Map();
  for (const { names } of entries) {
    for (const word of new Set(names.flatMap((words) => [...words]))) count.set(word, (count.get(word) ?? 0) + 1);
  }
  const weigh = (words) => words.reduce((sum, word) => sum + Math.log(1 + entries.length / (count.get(word) ?? 1)), 0);

  // The text of a traceback before its message has words of the reader's own program.
  const BEFORE_MESSAGE = /^.*\s(?=[\w.]*(?:error|exception|warning|iteration)\b(?::|\s*$))/is;

  /* A few words must all be in the entry. A message has a word that is in no other
     heading, or the larger part of one, or of the other words by which the search finds the entry. */
  function fits({ names, text }, query) {
    const typed = [...query];
    if (typed.length < 4 && typed.every((word) => text.includes(word))) return true;
    return names.some((words) => {
      const shared = [...words].filter((word) => query.has(word));
      const own = shared.some((word) => count.get(word) === 1 && word.length > 4);
      return own || (shared.length > 0 && weigh(shared) / weigh([...words]) > 0.5);
    });
  }

  function filter() {
    const query = wordsOf(field.value.replace(BEFORE_MESSAGE, ""));
    const found = entries.filter((entry) => !query.size || fits(entry, query));
    for (const entry of entries) entry.item.hidden = entry.section.hidden = !found.includes(entry);
    for (const [list, name] of groups) list.hidden = name.hidden = !list.querySelector("li:not([hidden])");
    for (const parent of parents) parent.hidden = !parent.querySelector("section:not([hidden])");
    told.textContent = !query.size
      ? ""
      : found.length
        ? `Entries that fit: ${found.length} of ${entries.length}.`
        : "No entry fits. Try fewer words, or the search.";
  }

  field.addEventListener("input", filter);
  filter(); // a browser keeps what stood there before the page was loaded again
})();
