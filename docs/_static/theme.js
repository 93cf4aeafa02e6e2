"use strict";
/* Before the page is painted: the colours that the reader has chosen. Furo has this inside the page, where the page's
   policy lets no script run. */

document.body.dataset.theme = "auto";
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.body.dataset.theme = chosen;
} catch {
  // The browser keeps nothing for this site.
}
