// Read by Sphinx's search page before it searches (html_search_scorer). Sphinx finds a heading only
// where the whole query stands in it, letter for letter. But a message that a reader pastes has the
// reader's own names and numbers, and begins with the name of the error. Here a heading, a term of the
// glossary or an entry of search_words.toml fits a query by the words that they share: rare ones count
// more. What fits comes before what Sphinx finds.

const stemmer = new Stemmer();
const stemsOf = (text) =>
  splitQuery(text)
    .filter((word) => !stopwords.has(word) && !/^\d/.test(word))
    .map((word) => stemmer.stemWord(word));

// The text of a traceback before its message, and the name of the error.
const BEFORE_MESSAGE = /^.*\b[\w.]*(?:error|exception|warning):\s+/s;
const QUOTES_AROUND = /^(["'`])((?:(?!\1).)+)\1\.?$/;
const QUOTED = /(?<![\p{L}\p{N}])(["'`])(?:(?!\1).)+?\1(?![\p{L}\p{N}])/gu;
const PATH = /(?<![^\s"'(])(?:\w+:|~|\.{1,2})?[\\/][^\s"')]+/g;
const FILE = /[\w-]+\.(?:py|ipynb|gz)\b/g;

/** The words of a text: all, and those that count. Names in quotes and of files count where they are shared. */
const wordsOf = (text) => {
  const plain = text
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(PATH, " ")
    .replace(BEFORE_MESSAGE, "")
    .trim()
    .replace(QUOTES_AROUND, "$2");
  const all = new Set(stemsOf(plain));
  const counted = new Set(stemsOf(plain.replace(QUOTED, " ").replace(FILE, " ")));
  return { plain, all, counted: counted.size ? counted : all };
};

/** What can be found: [text, page, anchor] of headings, of terms, and of search_words.toml. */
const candidates = () => {
  const { alltitles, indexentries } = Search._index;
  const headings = Object.entries(alltitles).flatMap(([text, places]) =>
    places.map(([page, anchor]) => ({ text, page, anchor: anchor ?? "" })),
  );
  const entries = Object.entries(indexentries).flatMap(([text, places]) =>
    places
      .filter(([, , isMain]) => isMain)
      .map(([page, anchor]) => ({ text, page, anchor: anchor ?? "" })),
  );
  return [...headings, ...entries].map((found) => ({ ...found, ...wordsOf(found.text) }));
};

/** How well a candidate fits; 0 where it does not. */
const fit = (query, found, weightOf) => {
  const weigh = (words) => words.reduce((sum, word) => sum + weightOf(word), 0);
  const shared = [...query.all].filter((word) => found.all.has(word));
  const counting = ({ counted }) => new Set([...counted, ...shared]);
  const [ofQuery, ofFound] = [counting(query), counting(found)];
  const both = weigh(shared);
  const [partOfQuery, partOfFound] = [both / weigh([...ofQuery]), both / weigh([...ofFound])];
  const score = both / weigh([...new Set([...ofQuery, ...ofFound])]);
  // The heading of an error stands in its message; a learner remembers a part of it.
  const asItIs = found.counted.size > 1 && query.plain.includes(found.plain);
  const remembered = shared.length > 1 && partOfQuery === 1;
  const reworded = shared.length > 1 && ofQuery.size > 2 && partOfFound >= 0.6 && score > 0.25;
  if (score <= 0.5 && !asItIs && !remembered && !reworded) return 0;
  // Of those that fit alike, the one whose own names are fewer.
  return (asItIs ? 1 : 0) + score - 0.001 * (found.all.size - ofFound.size);
};

const placesOf = (query) => {
  const { docnames, filenames, titles } = Search._index;
  const all = candidates();
  const number = new Map();
  for (const found of all) {
    for (const word of found.all) number.set(word, (number.get(word) ?? 0) + 1);
  }
  const weightOf = (word) => Math.log(1 + all.length / (1 + (number.get(word) ?? 0)));
  const headings = new Map();
  for (const { text, page, anchor } of all) {
    const place = `${page}#${anchor}`;
    headings.set(place, headings.get(place) ?? text);
  }
  const best = new Map();
  for (const found of all) {
    const score = fit(query, found, weightOf);
    const { page, anchor } = found;
    const place = `${page}#${anchor}`;
    if (score <= (best.get(place)?.[4] ?? 0)) continue;
    const heading = headings.get(place);
    best.set(place, [
      docnames[page],
      anchor ? `${titles[page]} > ${heading}` : titles[page],
      anchor && `#${anchor}`,
      null,
      score,
      filenames[page],
      SearchResultKind.title,
    ]);
  }
  return [...best.values()].toSorted(_orderResultsByScoreThenName);
};

const isOfMistakes = ([page]) => page.startsWith("exercises/mistakes/");
const order = (one, other) =>
  isOfMistakes(other) - isOfMistakes(one) ||
  one[4] - other[4] ||
  other[1].localeCompare(one[1], undefined, { numeric: true });

const searchBySphinx = Search._performSearch;

Search._performSearch = (query, _searchTerms, ...rest) => {
  // The page found is not painted: a message's words, such as "s", are in every sentence, and where
  // one is in the title of an icon, Sphinx's highlighter fails ("getBBox is not a function").
  localStorage.removeItem("sphinx_highlight_terms");

  const words = wordsOf(query);
  const places = placesOf(words);
  const place = ([page, , anchor]) => page + anchor;
  const found = new Set(places.map(place));
  const others = searchBySphinx(query, words.counted, ...rest).filter((result) => !found.has(place(result)));
  // The best is last. Of what Sphinx finds, the pages of mistakes come behind all others: they have most words.
  return [...others.toSorted(order), ...places];
};
