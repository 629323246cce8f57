// What can be done by keyboard, as the dialog of "?" (templates/_keys.html) says. Keys mean nothing while somebody
// types, with a modifier held down, or once the reader has switched them off.

import { keep } from "./preferences.js";

const root = document.documentElement;
const GO_SECONDS = 1.5;
const CARD_LINK = ".headline a, a.headline, a.telling";

const dialog = document.getElementById("keys");
let isGoing = false;
let goingUntil;

export function listenToKeys() {
  if (!dialog) return;
  const choice = dialog.querySelector("[data-keys-in-use]");
  choice.checked = areInUse();
  choice.addEventListener("change", () => {
    root.dataset.keys = choice.checked ? "on" : "off";
    keep("keys", root.dataset.keys);
  });
  document.querySelectorAll("[data-action=keys]").forEach((opener) => {
    opener.closest("[hidden]")?.removeAttribute("hidden");
    opener.addEventListener("click", () => dialog.showModal());
  });
  document.addEventListener("keydown", (event) => {
    if (!areInUse() || dialog.open || isTyped(event)) return;
    if (act(letterOf(event))) event.preventDefault();
  });
}

const areInUse = () => root.dataset.keys !== "off";

function isTyped(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return true;
  return Boolean(event.target.closest?.("input, select, textarea, dialog[open], [contenteditable]"));
}

// The Latin letter on a key, also where the keyboard writes another script.
function letterOf({ key, code }) {
  return /^[\x21-\x7e]$/.test(key) ? key.toLowerCase() : (/^Key([A-Z])$/.exec(code)?.[1].toLowerCase() ?? "");
}

function act(letter) {
  if (isGoing) return go(letter);
  const actions = { "?": help, j: () => choose(1), k: () => choose(-1), o: open, s: save, "/": search, g: waitForLetter };
  return Object.hasOwn(actions, letter) && actions[letter]() !== false;
}

function help() {
  dialog.showModal();
}

function waitForLetter() {
  isGoing = true;
  goingUntil = setTimeout(() => (isGoing = false), GO_SECONDS * 1000);
}

function go(letter) {
  clearTimeout(goingUntil);
  isGoing = false;
  const link = /[a-z]/.test(letter) && dialog.querySelector(`[data-go="${letter}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

function search() {
  const field = [...document.querySelectorAll("form[role=search] input[type=search]")].find((one) => one.checkVisibility());
  if (!field) return location.assign(dialog.querySelector("[data-search]").href);
  field.focus();
  field.select();
}

// The chosen article is the one whose headline, or something else of it, has the focus.
const linkOf = (card) => (card.matches(CARD_LINK) ? card : card.querySelector(CARD_LINK));
const chosen = () => document.activeElement?.closest("main [data-article]");

function choose(step) {
  const cards = [...document.querySelectorAll("main [data-article]")].filter((card) => linkOf(card)?.checkVisibility());
  if (!cards.length) return false;
  const now = cards.indexOf(chosen());
  const next = now < 0 ? firstInView(cards) : Math.min(cards.length - 1, Math.max(0, now + step));
  linkOf(cards[next]).focus({ preventScroll: true });
  cards[next].scrollIntoView({ block: "nearest" });
}

function firstInView(cards) {
  const found = cards.findIndex((card) => card.getBoundingClientRect().top >= 0);
  return found < 0 ? 0 : found;
}

function open() {
  const card = chosen();
  if (!card) return false;
  linkOf(card).click();
}

function save() {
  const control = (chosen() ?? document.querySelector("article.article"))?.querySelector("[data-action=save]");
  if (!control) return false;
  control.click();
}
