// Read by Sphinx's search page before it searches (html_search_scorer). It finds a heading by the
// words of a message. Sphinx itself finds one only where the whole query stands in it, letter for
// letter; but a message that a reader pastes has the reader's own numbers and names, and begins with
// the name of the error. Here a heading fits where it is little more than the query; and for a query
// of three words or more, also where the one has all or most words of the other. Such headings come
// before what Sphinx finds.

// A page on disk may not fetch the others, from which Sphinx would quote.
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY &&= location.protocol !== "file:";

const stemmer = new Stemmer();
const wordsOf = (title) =>
  new Set(
    splitQuery(title.toLowerCase())
      .filter((word) => !stopwords.has(word) && !/^\d+$/.test(word))
      .map((word) => stemmer.stemWord(word)),
  );

const searchBySphinx = Search._performSearch;

Search._performSearch = (query, searchTerms, ...rest) => {
  // The page found is not painted: a message's words, such as "s", are in every sentence, and where
  // one is in the title of an icon, Sphinx's highlighter fails ("getBBox is not a function").
  localStorage.removeItem("sphinx_highlight_terms");

  const { alltitles, docnames, filenames, titles } = Search._index;
  const headings = [];
  for (const [title, places] of Object.entries(alltitles)) {
    const words = wordsOf(title);
    const shared = [...words].filter((word) => searchTerms.has(word)).length;
    const score = shared / (words.size + searchTerms.size - shared);
    const enough = shared === searchTerms.size || (shared > 1 && shared >= 0.6 * words.size);
    if (score <= 0.5 && !(splitQuery(query).length > 2 && enough)) continue;
    for (const [file, id] of places) {
      headings.push([
        docnames[file],
        titles[file] === title ? title : `${titles[file]} > ${title}`,
        id === null ? "" : `#${id}`,
        null,
        score,
        filenames[file],
        SearchResultKind.title,
      ]);
    }
  }
  headings.sort(_orderResultsByScoreThenName);
  const place = ([page, , anchor]) => page + anchor;
  const found = new Set(headings.map(place));
  const others = searchBySphinx(query, searchTerms, ...rest);
  // The last comes first.
  return [...others.filter((result) => !found.has(place(result))), ...headings];
};
