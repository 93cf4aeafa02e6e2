"use strict";
/* Shows what the search has found: one list for each kind of page, the kind of the best result first, and under each result the
   sentences with which that place begins, or else its page. search.js finds the results; the build has left the sentences. */

(() => {
  const NO_WORD_COUNTS =
    "No word of your query counts. Write the words of a message, or of what you look for: numbers alone are not enough.";
  const KINDS = [
    [/^lesson\//, "Steps"],
    [/^exercises\//, "Exercises"],
    [/^(errors|silent)$/, "Errors and silent failures"],
    [/^glossary$/, "Terms"],
    [/^api\//, "Names of the package"],
    [/^/, "Other pages"],
  ];
  const kindOf = (page) => KINDS.find(([pattern]) => pattern.test(page))[1];
  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  function item([page, title, anchor, description]) {
    const link = element("a", { href: `${page}.html${anchor}`, textContent: title });
    const sentence = description ?? SENTENCES[page]?.[anchor.slice(1)] ?? SENTENCES[page]?.[""];
    return element("li", {}, link, ...(sentence ? [element("p", { className: "context", textContent: sentence })] : []));
  }

  function show(results) {
    const kinds = Map.groupBy(results, ([page]) => kindOf(page));
    for (const [kind, found] of kinds) {
      Search.output.before(element("h2", { textContent: kind }), element("ul", { className: "found" }, ...found.map(item)));
    }
  }

  Search.query = (query) => {
    // The page has a title already.
    Search.title.remove();
    if (!wordsOf(query).all.size) {
      Search.stopPulse();
      Search.status.innerText = NO_WORD_COUNTS;
      return;
    }
    // Sphinx has the best result last.
    const results = Search._performSearch(...Search._parseQuery(query)).toReversed();
    show(results);
    _finishSearch(results.length);
  };
})();
