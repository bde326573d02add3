// The front end of the explorer: sliders on the left, four pictures on the right. All numbers come from Python.

const COLOR = {
  potential: "#0072B2", calcium: "#D55E00", pulse: "#F0E44266", run: "#009E73", separatrix: "#CC79A7", start: "#E69F00", grey: "#8888",
};

/** About `most` round numbers from `low` to `high`. */
function ticks(low, high, most = 5) {
  const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((width) => width >= rough);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high * (1 + 1e-12); k++) found.push(k * step);
  return found;
}

const short = (x) => String(Number(x.toPrecision(3)));

/** One picture on a canvas: axes, lines, dots, bands, in the units of the data. */
class Chart {
  constructor(parent, name, xLabel, yLabel) {
    this.canvas = parent.appendChild(document.createElement("canvas"));
    this.canvas.className = name;
    Object.assign(this, { xLabel, yLabel, x: [0, 1], y: [0, 1] });
  }

  begin(x, y, ink) {
    const ratio = window.devicePixelRatio || 1, box = this.canvas.getBoundingClientRect();
    [this.width, this.height] = [Math.max(box.width, 100), Math.max(box.height, 100)];
    [this.canvas.width, this.canvas.height] = [this.width * ratio, this.height * ratio];
    Object.assign(this, { x, y, ink, pen: this.canvas.getContext("2d"), labelled: this.left });
    this.pen.scale(ratio, ratio);
    this.pen.font = "11px sans-serif";
    this.frame();
  }

  left = 42; right = 18; top = 28; bottom = 32;
  px(x) { return this.left + ((x - this.x[0]) / (this.x[1] - this.x[0])) * (this.width - this.left - this.right); }
  py(y) { return this.height - this.bottom - ((y - this.y[0]) / (this.y[1] - this.y[0])) * (this.height - this.top - this.bottom); }

  /** The point of the data under the pointer, kept inside the axes. */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, size) => Math.min(Math.max(value / size, 0), 1);
    const right = share(event.clientX - box.left - this.left, this.width - this.left - this.right);
    const down = share(event.clientY - box.top - this.top, this.height - this.top - this.bottom);
    return [this.x[0] + right * (this.x[1] - this.x[0]), this.y[1] - down * (this.y[1] - this.y[0])];
  }

  frame() {
    const { pen, ink } = this, floor = this.height - this.bottom;
    Object.assign(pen, { fillStyle: ink, strokeStyle: ink, lineWidth: 1, textBaseline: "top", textAlign: "center" });
    pen.beginPath();
    pen.moveTo(this.left, this.top);
    pen.lineTo(this.left, floor);
    pen.lineTo(this.width - this.right, floor);
    for (const x of ticks(...this.x)) {
      pen.moveTo(this.px(x), floor);
      pen.lineTo(this.px(x), floor + 4);
      pen.fillText(short(x), this.px(x), floor + 5);
    }
    pen.fillText(this.xLabel, (this.left + this.width - this.right) / 2, floor + 18);
    Object.assign(pen, { textAlign: "right", textBaseline: "middle" });
    for (const y of ticks(...this.y)) {
      pen.moveTo(this.left - 4, this.py(y));
      pen.lineTo(this.left, this.py(y));
      pen.fillText(short(y), this.left - 6, this.py(y));
    }
    pen.stroke();
    Object.assign(pen, { textAlign: "left", textBaseline: "top" });
    pen.fillText(this.yLabel, 4, 0);
  }

  /** Draws within the axes only. */
  inside(draw) {
    this.pen.save();
    this.pen.beginPath();
    this.pen.rect(this.left, this.top, this.width - this.left - this.right, this.height - this.top - this.bottom);
    this.pen.clip();
    draw(this.pen);
    this.pen.restore();
  }

  line(x, y, color, { width = 1.4, dash = [], label = "", steps = false } = {}) {
    if (!x || !x.length) return;
    this.inside((pen) => {
      Object.assign(pen, { strokeStyle: color, lineWidth: width });
      pen.setLineDash(dash);
      pen.beginPath();
      let down = false;
      for (let k = 0; k < x.length; k++) {
        if (!Number.isFinite(y[k])) { down = false; continue; }
        if (steps && down) pen.lineTo(this.px(x[k]), this.py(y[k - 1]));
        pen[down ? "lineTo" : "moveTo"](this.px(x[k]), this.py(y[k]));
        down = true;
      }
      pen.stroke();
    });
    if (label) this.label(label, color);
  }

  /** Names a curve in its colour, in the line above the picture. */
  label(text, color) {
    Object.assign(this.pen, { fillStyle: color, textAlign: "left", textBaseline: "top" });
    this.pen.fillText(text, this.labelled, 13);
    this.labelled += this.pen.measureText(text).width + 10;
  }

  band(from, to, color) {
    this.inside((pen) => {
      pen.fillStyle = color;
      pen.fillRect(this.px(from), this.top, Math.max(this.px(to) - this.px(from), 1), this.height);
    });
  }

  marks(x, y, color) {
    this.inside((pen) => {
      pen.fillStyle = color;
      for (let k = 0; k < x.length; k++) pen.fillRect(this.px(x[k]) - 0.6, this.py(y[k]) - 1.2, 1.2, 2.4);
    });
  }

  dot(x, y, fill, radius = 4.5) {
    Object.assign(this.pen, { fillStyle: fill, strokeStyle: this.ink, lineWidth: 1.3 });
    this.pen.beginPath();
    this.pen.arc(this.px(x), this.py(y), radius, 0, 7);
    this.pen.fill();
    this.pen.stroke();
  }
}

/** A slider with its label and value; `changed` hears the new number. */
function slider(parent, control, changed) {
  const row = parent.appendChild(document.createElement("label"));
  row.append(control.label);
  const input = row.appendChild(document.createElement("input"));
  const shown = row.appendChild(document.createElement("output"));
  Object.assign(input, { type: "range", min: 0, max: 1000, step: 1, name: control.name });
  const { low, high, logarithmic, whole } = control;
  const share = logarithmic ? Math.log(control.value / low) / Math.log(high / low) : (control.value - low) / (high - low);
  input.value = 1000 * share;
  shown.textContent = short(control.value);
  input.addEventListener("input", () => {
    const part = input.value / 1000;
    const exact = logarithmic ? low * (high / low) ** part : low + part * (high - low);
    const value = whole ? Math.round(exact) : Number(exact.toPrecision(4));
    shown.textContent = short(value);
    changed(control.name, value);
  });
}

function render({ model, el }) {
  const root = el.appendChild(document.createElement("div"));
  root.className = "facilis-explorer";
  // JupyterLab would take the arrow keys for itself.
  root.dataset.lmSuppressShortcuts = "true";
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const part = (name, parent = root) => Object.assign(parent.appendChild(document.createElement("div")), { className: name });
  const controls = part("controls"), pictures = part("charts");
  const values = { ...model.get("_start") };
  for (const control of model.get("_controls")) {
    values[control.name] = control.value;
    slider(controls, control, (name, value) => { values[name] = value; ask(); });
  }
  const buttons = part("buttons", controls), status = part("status", controls), notes = part("notes", controls);
  const code = root.appendChild(document.createElement("pre"));
  code.hidden = true;
  const button = (text, act) => Object.assign(buttons.appendChild(document.createElement("button")), { textContent: text, onclick: act });
  button("another seed", () => { values.seed = Math.floor(Math.random() * 2 ** 31); ask(); });
  button("copy as code", () => {
    code.hidden = !code.hidden;
    navigator.clipboard?.writeText(code.textContent).catch(() => {});
  });
  const plane = new Chart(pictures, "plane", "mean potential u", "mean calcium r; click or drag to move the start");
  const survival = new Chart(pictures, "survival", "time after the stimulus", "share that remembers");
  const traces = new Chart(pictures, "traces", "time", "mean potential; mean calcium, scaled to the same height");
  const raster = new Chart(pictures, "raster", "time", "neurons");
  let shown = null, memory = null, waiting = false, newer = false, changedAt = 0, number = 0, dragging = false, extent = [1, 1];

  // One question at a time: what changes meanwhile is asked when the answer is there, the newest only.
  function ask() {
    if (!newer) changedAt = performance.now();
    newer = true;
    if (waiting) return;
    [newer, waiting] = [false, true];
    model.send({ kind: "picture", number: ++number, values: { ...values } });
  }
  function askMemory() {
    waiting = true;
    model.send({ kind: "memory", number });
  }
  function heard(answer, buffers) {
    waiting = false;
    const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    const arrays = Object.fromEntries(answer.arrays.map((name, k) => [name, floats(buffers[k])]));
    const { facts } = answer;
    if (answer.kind !== "memory") notes.textContent = answer.notes.join("\n");
    else if (answer.notes.length) notes.textContent = answer.notes.join("\n");
    if (answer.kind === "picture") {
      [shown, memory] = [{ facts, arrays }, null];
      code.textContent = facts.code;
      if (!dragging) extent = facts.extent ?? extent;
    } else if (answer.kind === "memory") memory = { facts, arrays };
    draw();
    if (answer.kind !== "memory") {
      root.dataset.latency = performance.now() - changedAt;
      root.dataset.answered = answer.number;
    }
    root.dataset.networks = memory ? memory.facts.networks : 0;
    if (newer) ask();
    else if (shown && answer.kind !== "refused" && !(memory && memory.facts.done)) setTimeout(() => waiting || newer || askMemory(), 20);
  }
  function draw() {
    if (!shown) return;
    const { facts, arrays } = shown, ink = getComputedStyle(root).color, end = values.t_end;
    drawPlane(plane, facts, arrays, extent, values, ink);
    drawTraces(traces, facts, arrays, values, ink);
    raster.begin([0, end], [-1, facts.rows || 1], ink);
    for (const [from, to] of facts.pulses) raster.band(from, to, COLOR.pulse);
    if (arrays["spikes.time"]) raster.marks(arrays["spikes.time"], arrays["spikes.row"], ink);
    drawSurvival(survival, memory, ink);
    const spikes = facts.spikes === undefined ? "" : `${facts.spikes.toLocaleString("en")} spikes, `;
    status.textContent = `${spikes}computed in ${facts.milliseconds.toFixed(0)} ms` + (facts.stop === "extinct" ? "; the network has fallen silent" : "");
  }

  const move = (event) => {
    [values.potential, values.calcium] = plane.at(event).map((value) => Math.max(Number(value.toPrecision(4)), 0));
    ask();
  };
  plane.canvas.addEventListener("pointerdown", (event) => {
    dragging = true;
    plane.canvas.setPointerCapture(event.pointerId);
    move(event);
  });
  plane.canvas.addEventListener("pointermove", (event) => dragging && move(event));
  plane.canvas.addEventListener("pointerup", () => { dragging = false; ask(); });
  const resized = new ResizeObserver(draw);
  resized.observe(root);
  model.on("msg:custom", heard);
  ask();
  return () => { resized.disconnect(); model.off("msg:custom", heard); };
}

function drawPlane(chart, facts, arrays, [width, height], values, ink) {
  chart.begin([-0.02 * width, width], [-0.02 * height, height], ink);
  const u = arrays["plane.potential"];
  chart.line(u, arrays["plane.potential_still"], COLOR.potential, { label: "du/dt = 0" });
  chart.line(u, arrays["plane.calcium_still"], COLOR.calcium, { label: "dr/dt = 0" });
  for (let k = 0; arrays[`separatrix.${k}.potential`]; k++)
    chart.line(arrays[`separatrix.${k}.potential`], arrays[`separatrix.${k}.calcium`], COLOR.separatrix, { width: 2, label: k ? "" : "separatrix" });
  chart.line(arrays["limit.potential"], arrays["limit.calcium"], ink, { dash: [7, 3], label: "limit" });
  chart.line(arrays["run.potential"], arrays["run.calcium"], COLOR.run, { width: 1, label: `N = ${values.n}` });
  for (const [potential, calcium, stable] of facts.equilibria ?? []) chart.dot(potential, calcium, stable ? ink : "white");
  chart.dot(values.potential, values.calcium, COLOR.start, 6);
}

function drawTraces(chart, facts, arrays, values, ink) {
  const top = (name) => Math.max(1e-9, ...["run", "limit"].map((who) => (arrays[`${who}.${name}`] ?? [0]).reduce((a, b) => Math.max(a, b), 0)));
  const potential = top("potential"), factor = potential / top("calcium");
  chart.begin([0, values.t_end], [0, 1.1 * potential], ink);
  for (const [from, to] of facts.pulses) chart.band(from, to, COLOR.pulse);
  chart.line([0, values.t_end], [values.threshold, values.threshold], COLOR.separatrix, { width: 1, dash: [2, 4] });
  const scaled = (name) => arrays[name] && arrays[name].map((value) => value * factor);
  chart.line(arrays["run.t"], arrays["run.potential"], COLOR.potential, { label: "potential" });
  chart.line(arrays["run.t"], scaled("run.calcium"), COLOR.calcium, { label: "calcium" });
  chart.line(arrays["limit.t"], arrays["limit.potential"], ink, { width: 1, dash: [7, 3], label: "limit" });
  chart.line(arrays["limit.t"], scaled("limit.calcium"), ink, { width: 1, dash: [7, 3] });
}

function drawSurvival(chart, memory, ink) {
  const t = memory?.arrays.t;
  chart.begin([0, t ? Math.max(t[t.length - 1], 1e-6) : 1], [0, 1.05], ink);
  if (!t) return;
  chart.line(t, memory.arrays.low, COLOR.grey, { steps: true, width: 1 });
  chart.line(t, memory.arrays.high, COLOR.grey, { steps: true, width: 1 });
  chart.line(t, memory.arrays.probability, COLOR.run, { steps: true, width: 1.8 });
  const { networks, exits, watched } = memory.facts;
  chart.label(`${networks} networks, ${exits} forgot`, ink);
  if (exits < networks) chart.label(`the others: longer than ${short(watched)}`, ink);
}

export default { render };
