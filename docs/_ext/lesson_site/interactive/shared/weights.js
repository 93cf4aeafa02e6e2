"use strict";
/* What the site's build has left for those who draw: real digits, and networks that are fetched when first asked for.
   They come as scripts, which call these functions: a page on disk may load scripts, but not read files. */

(() => {
  const here = document.currentScript.src;
  const files = JSON.parse(document.getElementById("network-files").textContent);
  const samples = [];
  const arrived = {}; // name -> what to call with its weights
  const networks = {}; // name -> promise of its layers

  function fetchNetwork(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      arrived[name] = (text) => resolve(lesson.unpack(text));
      script.src = new URL(files[name], here);
      script.onerror = () => reject(new Error(`The network “${name}” could not be loaded.`));
      document.head.append(script);
    });
  }

  /* A promise of the layers of a network: "trained", "default" or "noise". A failed one is asked for again. */
  function network(name) {
    networks[name] ??= fetchNetwork(name).catch((error) => {
      delete networks[name];
      throw error;
    });
    return networks[name];
  }

  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  Object.assign(lesson, {
    bytes,
    realDigits: samples,
    network,
    samples: (real) => samples.push(...real.map(([digit, text]) => ({ digit, image: bytes(text) }))),
    weights: (name, text) => arrived[name](text),
  });
})();
