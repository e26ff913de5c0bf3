
// Elements are made from text, never from markup: nothing in the data can become an element.
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
};

const blocks = new Map();
const block = (name) => {
  if (!blocks.has(name)) {
    const holder = document.getElementById(name);
    blocks.set(name, holder ? JSON.parse(holder.textContent) : {});
  }
  return blocks.get(name);
};

const choice = (label, options, chosen, changed) => {
  const select = make("select", {});
  for (const [value, text] of options) select.append(make("option", { value, selected: value === chosen }, text));
  select.addEventListener("change", changed);
  return { element: make("label", {}, label, select), get value() { return select.value; } };
};

const dialog = make("dialog", { "aria-labelledby": "dialog-title" });
document.body.append(dialog);
let opener = null;
dialog.addEventListener("close", () => { if (opener) opener.focus(); });
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
const show = (from, title, ...content) => {
  opener = from;
  const close = make("button", { type: "button", class: "plain-button" }, "Close");
  close.addEventListener("click", () => dialog.close());
  const head = make("div", { class: "dialog-head" }, make("h2", { id: "dialog-title" }, title), close);
  dialog.replaceChildren(head, ...content);
  dialog.scrollTop = 0;
  dialog.showModal();
};
