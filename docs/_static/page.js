"use strict";
/* Small helps on every page: a button that copies code, and a mark on the steps that were visited. */

(() => {
  /* Of a console, the commands; of an interactive Python, the input; else all. */
  function codeOf(block) {
    const lines = block.querySelector("pre").innerText.trimEnd().split("\n");
    const typed = lines.filter((line) => /^(\$|>>>|\.\.\.) ?/.test(line));
    const prompted = block.matches(".highlight-console, .highlight-pycon, .highlight-doctest") || lines[0].startsWith(">>> ");
    return (prompted && typed.length ? typed.map((line) => line.replace(/^(\$|>>>|\.\.\.) ?/, "")) : lines).join("\n");
  }

  function addButton(block) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
    button.setAttribute("aria-label", "Copy this code");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(codeOf(block));
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    block.append(button);
  }

  const CODE = ["Python", "python", "ipython3", "default", "console", "pycon", "doctest"].map((name) => `div.highlight-${name}`);
  // A page that is not served safely may not write to the clipboard.
  if (navigator.clipboard) {
    document.querySelectorAll(CODE.join()).forEach((block) => {
      // The language of an output can be that of code.
      if (!block.closest(".cell_output, .sphx-glr-script-out")) addButton(block);
    });
  }

  /* Which steps this browser has opened; kept in it, and nowhere else. */
  const visited = new Set(JSON.parse(localStorage.getItem("visited") || "[]"));
  const here = document.querySelector(".progress [aria-current]");
  if (here) {
    visited.add(here.dataset.step);
    localStorage.setItem("visited", JSON.stringify([...visited]));
  }
  document.querySelectorAll("[data-step]").forEach((step) => {
    if (!visited.has(step.dataset.step) || step === here) return;
    step.classList.add("visited");
    step.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: " (visited)" }));
  });
})();
