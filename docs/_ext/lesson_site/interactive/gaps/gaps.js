"use strict";
/* Fill the gaps: shows the verdict that the check gave, while the site was built, to the program that is chosen. */

document.querySelectorAll("form.gaps").forEach((form) => {
  const told = JSON.parse(form.dataset.told);
  const gaps = Array.from(form.querySelectorAll("select"));
  const said = form.querySelector(".gaps-said");
  const hint = form.querySelector(".gaps-hint");
  const [open, ...verdicts] = form.querySelector("template").content.children;
  const hidden = () => said.querySelectorAll("ol > [hidden]");

  /* A verdict belongs to the program that was judged, and to no other. */
  function forget() {
    said.replaceChildren();
    hint.hidden = true;
  }

  function check(event) {
    event.preventDefault();
    const empty = gaps.find((gap) => gap.selectedIndex === 0);
    // The choices are counted like the digits of a number, the last one fastest; the first option is none of them.
    const count = gaps.reduce((number, gap) => number * (gap.length - 1) + gap.selectedIndex - 1, 0);
    said.replaceChildren((empty ? open : verdicts[told[count]]).cloneNode(true));
    hint.hidden = !hidden().length;
    if (empty) empty.focus();
    else said.scrollIntoView({ block: "nearest" });
    const solved = said.querySelector(".verdict:is(.right, .note)");
    if (solved) document.querySelector(".solved-mark input:not(:checked)")?.click();
  }

  hint.addEventListener("click", () => {
    const next = hidden()[0];
    next.hidden = false;
    hint.hidden = !hidden().length;
    if (hint.hidden) next.focus(); // the button that had the focus is gone
  });
  form.addEventListener("submit", check);
  form.addEventListener("change", forget);
  form.addEventListener("reset", () => {
    forget();
    gaps[0].focus();
  });
});
