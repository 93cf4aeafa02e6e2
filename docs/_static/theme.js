"use strict";
/* Before the page is painted: the colours that the reader has chosen. Furo has this inside the page, where the page's
   policy lets no script run. */

document.body.dataset.theme = localStorage.getItem("theme") || "auto";
