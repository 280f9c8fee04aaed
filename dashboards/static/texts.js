// Words for the screen come from the server, in the language of the page: <div id="texts" data-…>.
const holder = document.getElementById("texts");

/** The text under this name, with {placeholders} filled in. */
export function text(name, values = {}) {
  const found = holder?.dataset[name] ?? "";
  return found.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
