"use strict";
/* The mathematics of the digit pad: the network 784-128-64-10 of step 7, as PyTorch computes it. */

globalThis.lesson ??= {};

(() => {
  const SIZES = [784, 128, 64, 10];

  /* The number that 16 bits stand for in IEEE 754's half precision; never infinite here. */
  function half(bits) {
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
    return bits & 32768 ? -size : size;
  }

  /* float16 in base64 -> numbers. */
  function halves(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => half(bytes[2 * i] | (bytes[2 * i + 1] << 8)));
  }

  /* Parameters in the order of the state_dict, float16 in base64 -> one {weight, bias} a layer. */
  function unpack(text) {
    const all = halves(text);
    let at = 0;
    const take = (count) => all.subarray(at, (at += count));
    return SIZES.slice(1).map((size, i) => ({ weight: take(size * SIZES[i]), bias: take(size) }));
  }

  /* nn.Linear: weight (out, in), times std for a network that is kept as plain noise. Sums in double precision. */
  function linear(input, { weight, bias }, std) {
    return Float64Array.from(bias, (start, unit) => {
      let sum = 0;
      for (let i = 0, at = unit * input.length; i < input.length; i++) sum += weight[at + i] * input[i];
      return std * sum + start;
    });
  }

  /* Every layer's numbers for one input of 784. */
  function forward(input, layers, std = 1) {
    const relu = (value) => Math.max(0, value);
    const hidden1 = linear(input, layers[0], std).map(relu);
    const hidden2 = linear(hidden1, layers[1], std).map(relu);
    return { input, hidden1, hidden2, logits: linear(hidden2, layers[2], std) };
  }

  /* In float32, as each Float32Array rounds what it holds: so `naive` overflows where PyTorch does. */
  function softmax(logits, { temperature = 1, naive = false } = {}) {
    const scaled = Float32Array.from(logits, (logit) => logit / temperature);
    const shift = naive ? 0 : Math.max(...scaled);
    const exps = scaled.map((logit) => Math.exp(logit - shift));
    const sum = exps.reduce((a, b) => Math.fround(a + b));
    return exps.map((exp) => exp / sum);
  }

  /* Pixels from 0 (paper) to 1 (ink) -> from -1 to 1, as step 1 normalises them. */
  const normalise = (pixels) => pixels.map((pixel) => Math.fround(pixel - 0.5) / 0.5);

  Object.assign(lesson, { SIZES, halves, unpack, forward, softmax, normalise });
})();
