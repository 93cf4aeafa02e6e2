"use strict";
/* The softmax bench: shows what PyTorch answered, while the site was built, to the variant that is chosen. */

(() => {
  const bench = document.getElementById("softmax-bench");
  const answers = JSON.parse(document.getElementById("softmax-bench-answers").textContent);
  const $ = (name) => document.getElementById(`bench-${name}`);
  const names = ["maximum", "above", "below", "dim", "keepdim", "size", "scale"];
  const options = (name) => Array.from(bench.querySelectorAll(`input[name=bench-${name}]`));

  /* The choices are counted like the digits of a number, the last one fastest. */
  const count = (chosen) =>
    chosen.reduce((number, name) => {
      const all = options(name);
      return number * all.length + all.findIndex((option) => option.checked);
    }, 0);

  /* Writes the code, and marks in it what the last choice has put there. Returns what stood there before. */
  function write(changed) {
    let gone = "";
    for (const place of document.querySelectorAll("[id^=bench-code-]")) {
      const name = place.id.slice("bench-code-".length);
      const code = options(name).find((option) => option.checked).value;
      if (name === changed) gone = place.textContent.trim();
      place.textContent = code;
      if (name !== changed || !code) continue;
      const mark = Object.assign(document.createElement("mark"), { textContent: code.trim() });
      const [before, after] = code.split(code.trim());
      place.replaceChildren(before, mark, after);
    }
    return gone;
  }

  function show(event) {
    const gone = write(event?.target.name.slice("bench-".length));
    const change = bench.querySelector(".bench-change");
    change.hidden = !event;
    const put = bench.querySelector("mark");
    change.querySelector(".change-new").hidden = !put;
    change.querySelector(".change-gone").hidden = !gone;
    change.querySelector("code").textContent = gone;
    change.querySelector(".change-none").hidden = put || gone;

    const formula = count(names.slice(0, 5));
    const lines = answers.outcomes[answers.results[formula][count(names.slice(5))]];
    $("outcome").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    const [level, ...parts] = answers.verdicts[answers.says[formula]];
    $("level").className = `verdict ${level}`;
    for (const [at, name] of ["mark", "word", "verdict"].entries()) $(name).textContent = parts[at];
  }

  bench.addEventListener("change", show);
  show();
})();
