// The one place where HTML of the server becomes part of the page: one Trusted Types policy, one morph.
import { Idiomorph } from "./idiomorph.js";

const policy = window.trustedTypes
  ? window.trustedTypes.createPolicy("live", { createHTML: (html) => html })
  : { createHTML: (html) => html };

/** Elements in this HTML. Scripts in it never run: a template's content is inert and morph adds no script that runs. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content;
}

function isDirty(node) {
  return node instanceof HTMLFormElement && node.dataset.dirty === "yes";
}

const callbacks = {
  // A form in which somebody is typing is never touched; neither is the open state of details.
  beforeNodeMorphed: (node) => !isDirty(node),
  beforeNodeRemoved: (node) => {
    if (isDirty(node) || node.querySelector?.("form[data-dirty=yes]")) return false;
    rescueFocus(node);
    return true;
  },
  beforeAttributeUpdated: (name, node) =>
    !((name === "open" && node.localName === "details") || (name === "data-dirty" && node.localName === "form")),
};

// Focus inside something that disappears moves to the heading of its region, so that the keyboard is not lost.
function rescueFocus(node) {
  if (!node.contains?.(document.activeElement)) return;
  const heading = node.parentElement?.closest("[data-region]")?.querySelector("h2, h3");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Put one fragment in place of the region with the same id, and mark it unless `quiet`. True when the page has it. */
export function apply(id, html, quiet = false) {
  const old = document.getElementById(id);
  const fresh = parse(html).firstElementChild;
  if (!old || !fresh) return false;
  if (old.outerHTML === fresh.outerHTML) return true;
  Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true, restoreFocus: true, callbacks });
  const now = document.getElementById(id);
  now?.classList.remove("changed");
  if (quiet) return true;
  requestAnimationFrame(() => now?.classList.add("changed"));
  return true;
}
