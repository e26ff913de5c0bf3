
// Every image with each method's score; pictures are decoded when they come into sight.
const STEP = 60;
const labelWord = (label) => (label ? "positive" : "negative");

const readSets = () => {
  const ids = Object.keys(block("images")).sort();
  const sets = new Map();
  for (const [key, entry] of Object.entries(block("scores"))) {
    if (entry.images) sets.set(key, { title: entry.title, images: entry.images.map((at) => ids[at]), methods: [] });
    else sets.get(key.split("|").slice(0, 2).join("|")).methods.push(entry);
  }
  return sets;
};

const picture = (id, alt, style = "") => {
  const held = block("thumbnails")[id];
  if (!held) return make("span", { class: `grey ${style}`, role: "img", "aria-label": alt }, id.slice(0, 8));
  return make("img", { src: `data:image/jpeg;base64,${held}`, alt, loading: "lazy", decoding: "async", width: 112, height: 112, class: style || null });
};

const describe = (set, i) => {
  const id = set.images[i];
  const [label, against, forIt] = block("images")[id];
  const votes = against === undefined ? "" : ` ${Math.max(against, forIt)}:${Math.min(against, forIt)}`;
  const wrong = set.methods.filter((method) => Number(method.predicted[i]) !== label);
  return { i, id, label, votes, wrong, agreed: against === undefined ? 0 : Math.max(against, forIt) };
};

const openImage = (from, set, image) => {
  const lines = set.methods.map((method) => {
    const score = method.scores[image.i] / 10000;
    const fill = make("i");
    fill.style.width = `${100 * score}%`;
    const right = !image.wrong.includes(method);
    return [method.method, score.toFixed(4).replace(/^0/, ""),
      make("span", { class: right ? "good" : "bad" }, right ? "✓ right" : "✗ wrong"),
      labelWord(Number(method.predicted[image.i])),
      make("span", { class: "meter", "aria-hidden": "true" }, fill)];
  });
  const alt = `image ${image.id}, labelled ${labelWord(image.label)}`;
  show(from, `Image ${image.id}`,
    picture(image.id, alt, "portrait"),
    make("p", {}, `Labelled ${labelWord(image.label)}${image.votes && `, votes${image.votes}`}. ${set.title}. Wrong: ${image.wrong.length} of ${set.methods.length} methods.`),
    plainTable("P(positive) by each method", ["Method", "P(positive)", "Verdict", "Predicted", "from 0 to 1"], lines));
};

const SHOWN = {
  all: ["all images", () => true],
  wrong: ["wrong by the method (or by any)", (image, method) => (method ? image.wrong.includes(method) : image.wrong.length > 0)],
  alone: ["wrong by the method alone", (image, method) => image.wrong.length === 1 && (!method || image.wrong[0] === method)],
  disagree: ["methods disagree", (image, method, of) => image.wrong.length > 0 && image.wrong.length < of],
  missed: ["wrong by all methods", (image, method, of) => image.wrong.length === of],
  right: ["right by all methods", (image) => image.wrong.length === 0],
};

const orderOf = (order, set, method) => {
  const score = (image) => (method ? method.scores[image.i] : set.methods.reduce((sum, m) => sum + m.scores[image.i], 0) / set.methods.length);
  const sure = (image) => (image.label ? score(image) : 10000 - score(image));
  return {
    wrong: (a, b) => b.wrong.length - a.wrong.length || sure(a) - sure(b),
    high: (a, b) => score(b) - score(a),
    low: (a, b) => score(a) - score(b),
    worst: (a, b) => sure(a) - sure(b),
    id: (a, b) => (a.id < b.id ? -1 : 1),
  }[order];
};

const tileOf = (set, image, method) => {
  const right = method ? !image.wrong.includes(method) : null;
  const style = right === null ? "neutral" : right ? "right" : "wrong";
  const word = `${labelWord(image.label)}${image.votes}`;
  const verdict = method ? `${(method.scores[image.i] / 10000).toFixed(3).replace(/^0/, "")} ${right ? "✓" : "✗"}` : `${image.wrong.length} of ${set.methods.length} wrong`;
  const button = make("button", { type: "button", "aria-haspopup": "dialog" },
    make("span", { class: `tile ${style}` }, picture(image.id, `image ${image.id.slice(0, 8)}`)),
    make("span", { class: "said" }, word, make("br"), verdict));
  button.addEventListener("click", () => openImage(button, set, image));
  return make("li", {}, button);
};

const startBrowser = () => {
  const place = document.getElementById("browser");
  if (!place) return;
  const sets = readSets();
  const gallery = make("ul", { class: "gallery" });
  const count = make("p", { class: "count", role: "status" });
  const more = make("button", { type: "button", class: "plain-button" });
  const controls = make("div", { class: "controls" });
  let found = [], shown = 0, set = null, method = null, menus = {};
  const extend = () => {
    const next = found.slice(shown, shown + STEP);
    gallery.append(...next.map((image) => tileOf(set, image, method)));
    shown += next.length;
    more.textContent = `Show ${Math.min(STEP, found.length - shown)} more`;
    more.classList.toggle("hidden", shown >= found.length);
    count.textContent = `${found.length} of ${set.images.length} images, ${shown} shown`;
  };
  const apply = () => {
    method = set.methods.find((m) => m.method === menus.method.value) ?? null;
    const [, fits] = SHOWN[menus.show.value];
    found = set.images.map((_, i) => describe(set, i)).filter((image) =>
      fits(image, method, set.methods.length) &&
      (!menus.label.value || String(image.label) === menus.label.value) &&
      (!menus.votes.value || String(image.agreed) === menus.votes.value));
    found.sort(orderOf(menus.order.value, set, method));
    gallery.replaceChildren();
    shown = 0;
    extend();
  };
  const choose = () => {
    const before = Object.fromEntries(Object.entries(menus).map(([name, menu]) => [name, menu.value]));
    set = sets.get(before.set ?? [...sets.keys()][0]);
    const agreed = [...new Set(set.images.map((_, i) => describe(set, i).agreed))].filter(Boolean).sort((a, b) => b - a);
    const kept = set.methods.some((m) => m.method === before.method) ? before.method : "";
    const shownVotes = agreed.map(String).includes(before.votes) ? before.votes : "";
    menus = {
      set: choice("Images of", [...sets].map(([key, { title }]) => [key, title]), before.set ?? "", choose),
      method: choice("Method", [["", "any"], ...set.methods.map((m) => [m.method, m.method])], kept, apply),
      show: choice("Show", Object.entries(SHOWN).map(([key, [text]]) => [key, text]), before.show ?? "all", apply),
      label: choice("Label", [["", "both"], ["1", "positive"], ["0", "negative"]], before.label ?? "", apply),
      votes: choice("Votes that agree", [["", "any"], ...agreed.map((n) => [String(n), String(n)])], shownVotes, apply),
      order: choice("Order", [["wrong", "most methods wrong"], ["worst", "surest and wrong"], ["high", "most positive"], ["low", "most negative"], ["id", "by id"]], before.order ?? "wrong", apply),
    };
    const hadFocus = controls.contains(document.activeElement);
    controls.replaceChildren(...Object.values(menus).map((menu) => menu.element), count);
    if (hadFocus) menus.set.element.querySelector("select").focus();
    apply();
  };
  more.addEventListener("click", extend);
  place.append(controls, gallery, more);
  choose();
};
