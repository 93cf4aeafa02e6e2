"use strict";
/* Small helps on every page: a button that copies code, and menus for the keyboard. */

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

  /* The menus of a narrow window open with a label for a box to tick. For the keyboard, the label gets a button. */
  const buttons = Array.from(document.querySelectorAll(".nav-overlay-icon, .toc-overlay-icon"), (label) => {
    const box = document.getElementById(label.htmlFor);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "menu" });
    button.setAttribute("aria-label", box.getAttribute("aria-label"));
    button.append(...label.childNodes);
    button.addEventListener("click", () => box.click());
    label.append(button);
    return { box, button };
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".toctree-checkbox")) event.target.click();
    if (event.key !== "Escape") return;
    buttons
      .filter(({ box, button }) => box.checked && button.checkVisibility())
      .forEach(({ box, button }) => {
        box.checked = false;
        button.focus();
      });
  });
})();
