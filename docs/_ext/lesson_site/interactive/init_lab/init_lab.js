"use strict";
/* The initialisation lab: moves between the runs that were made while the site was built. */

(() => {
  const runs = JSON.parse(document.getElementById("init-lab-runs").textContent);
  const $ = (name) => document.getElementById(`lab-${name}`);
  const histogram = $("hidden");
  histogram.append(...runs[0].hidden.map(() => document.createElement("i")));

  function show() {
    const run = runs[$("scale").value];
    const says =
      `${lesson.percent(run.saturated)} of the hidden outputs are saturated. The highest probability is ` +
      `${run.top.toFixed(2)} and the entropy ${run.entropy.toFixed(2)} of at most ${Math.log(10).toFixed(2)} nats, ` +
      "averaged over the batch and 20 networks.";
    $("std").textContent = run.std;
    $("scale").setAttribute("aria-valuetext", `standard deviation ${run.std}`);
    $("says").textContent = says;
    // The tallest bar fills the height: the shape is what counts.
    const tallest = Math.max(...run.hidden);
    run.hidden.forEach((share, at) => (histogram.children[at].style.height = `${(100 * share) / tallest}%`));
    const middle = run.hidden.slice(20, 30).reduce((a, b) => a + b);
    histogram.setAttribute("aria-label", `Histogram: ${lesson.percent(middle)} of the outputs lie between 0.4 and 0.6`);
    lesson.paintBars($("bars"), run.bars, { limit: 1, best: run.bars.indexOf(Math.max(...run.bars)) });
  }

  $("scale").addEventListener("input", show);
  show();
})();
