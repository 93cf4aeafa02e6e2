"use strict";
/* From a drawing to 28 by 28 pixels, as the makers of MNIST did it. */

(() => {
  const SIDE = 28;
  const BOX = 20;

  /* Where the ink is: the smallest box around it, or null for blank paper. */
  function bounds(ink, side) {
    let [top, bottom, left, right] = [side, -1, side, -1];
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        if (!ink[row * side + column]) continue;
        top = Math.min(top, row);
        bottom = row;
        left = Math.min(left, column);
        right = Math.max(right, column);
      }
    }
    return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
  }

  /* Cut `length` source pixels from `start` into `count` equal parts: [source pixel, share of the part] each. */
  function parts(start, length, count) {
    const size = length / count;
    return Array.from({ length: count }, (_, part) => {
      const [from, to] = [start + part * size, start + (part + 1) * size];
      const shares = [];
      for (let pixel = Math.floor(from); pixel < to - 1e-9; pixel++) {
        shares.push([pixel, (Math.min(pixel + 1, to) - Math.max(pixel, from)) / size]);
      }
      return shares;
    });
  }

  /* The mean ink in each cell of a grid laid over a box of the drawing. */
  function scale(ink, side, box, rows, columns) {
    const across = parts(box.left, box.width, columns);
    const pixels = new Float32Array(rows * columns);
    parts(box.top, box.height, rows).forEach((shares, row) => {
      across.forEach((others, column) => {
        let sum = 0;
        for (const [y, high] of shares) for (const [x, wide] of others) sum += high * wide * ink[y * side + x];
        pixels[row * columns + column] = sum;
      });
    });
    return pixels;
  }

  /* How far to move masses, so that their centre comes to pixel 14, where MNIST has it; not over the edge. */
  function shift(masses) {
    const total = masses.reduce((a, b) => a + b);
    const centre = masses.reduce((sum, mass, i) => sum + mass * i, 0) / total;
    return Math.min(Math.max(Math.round(SIDE / 2 - centre), 0), SIDE - masses.length);
  }

  /* MNIST's way: the ink scaled into 20 by 20 with its proportions kept, its centre of mass in the middle. */
  function centred(ink, side) {
    const pixels = new Float32Array(SIDE * SIDE);
    const box = bounds(ink, side);
    if (!box) return pixels;
    const longest = Math.max(box.width, box.height);
    const [rows, columns] = [box.height, box.width].map((size) => Math.max(1, Math.round((size * BOX) / longest)));
    const small = scale(ink, side, box, rows, columns);
    const masses = { down: new Float32Array(rows), right: new Float32Array(columns) };
    small.forEach((pixel, at) => {
      masses.down[Math.floor(at / columns)] += pixel;
      masses.right[at % columns] += pixel;
    });
    const [down, right] = [shift(masses.down), shift(masses.right)];
    small.forEach((pixel, at) => {
      pixels[(Math.floor(at / columns) + down) * SIDE + (at % columns) + right] = pixel;
    });
    return pixels;
  }

  /* A drawing of side * side, ink from 0 to 255 -> 784 pixels from 0 to 1. Without `asMnist`, it is only made smaller. */
  function prepare(ink, side, asMnist) {
    const paper = { top: 0, left: 0, width: side, height: side };
    const pixels = asMnist ? centred(ink, side) : scale(ink, side, paper, SIDE, SIDE);
    return pixels.map((pixel) => pixel / 255);
  }

  Object.assign(lesson, { SIDE, prepare });
})();
