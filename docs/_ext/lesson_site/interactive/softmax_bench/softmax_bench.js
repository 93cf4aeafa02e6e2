"use strict";
/* The softmax bench: shows what PyTorch answered, while the site was built, to the variant that is chosen. */

(() => {
  const bench = document.getElementById("softmax-bench");
  const answers = JSON.parse(document.getElementById("softmax-bench-answers").textContent);
  const $ = (name) => document.getElementById(`bench-${name}`);
  const names = ["maximum", "above", "below", "dim", "keepdim", "size", "scale"];
  const options = (name) => bench.querySelectorAll(`input[name=bench-${name}]`);

  /* The choices are counted like the digits of a number, the last one fastest. */
  const count = (chosen) =>
    chosen.reduce((number, name) => {
      const all = Array.from(options(name));
      return number * all.length + all.findIndex((option) => option.checked);
    }, 0);

  function show() {
    const formula = count(names.slice(0, 5));
    $("code").textContent = answers.sources[formula];
    const lines = answers.outcomes[answers.results[formula][count(names.slice(5))]];
    $("outcome").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    const [level, ...parts] = answers.verdicts[answers.says[formula]];
    $("level").className = `verdict ${level}`;
    for (const [at, name] of ["mark", "word", "verdict"].entries()) $(name).textContent = parts[at];
  }

  bench.addEventListener("change", show);
  show();
})();
