// What one can do with an article: larger text, print, copy its address, share it. Size and sharing have a plain way.

import { keep } from "./preferences.js";
import { say } from "./toast.js";

const root = document.documentElement;
const SIZES = ["small", "medium", "large", "larger", "largest"];

function showEnhancements() {
  document.querySelectorAll("[data-enhancement]").forEach((element) => {
    const needs = element.dataset.enhancement;
    if (needs === "share" && !navigator.share) return;
    if (needs === "copy" && !navigator.clipboard) return element.remove();
    element.hidden = false;
  });
  if (navigator.share) document.querySelectorAll("[data-share-links]").forEach((links) => (links.hidden = true));
}

// The buttons belong to a form that works by itself; here the page changes in place.
function changeTextSizeInPlace(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const before = Math.max(0, SIZES.indexOf(root.dataset.text || "medium"));
    const wanted = before + Number(event.submitter?.dataset.step || 1);
    const step = Math.min(SIZES.length - 1, Math.max(0, wanted));
    root.dataset.text = SIZES[step];
    keep("text", SIZES[step]);
    form.querySelectorAll("[data-step]").forEach((button) => {
      const end = Number(button.dataset.step) < 0 ? 0 : SIZES.length - 1;
      button.setAttribute("aria-disabled", String(step === end));
    });
    say(form.dataset.said.replace("{step}", step + 1).replace("{count}", SIZES.length));
  });
}

async function copyAddress(button) {
  await navigator.clipboard.writeText(button.dataset.address);
  say(button.dataset.done);
}

async function share(button) {
  try {
    await navigator.share({ title: button.dataset.title, url: button.dataset.address });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // the reader closed the sheet
  }
}

// Escape puts a hint away that the pointer or the focus brought up (WCAG 1.4.13); leaving its place lets it come again.
function closeHints() {
  const hints = document.querySelectorAll("[data-hint]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hints.forEach((hint) => hint.setAttribute("data-closed", ""));
  });
  for (const hint of hints) {
    for (const leaving of ["blur", "pointerleave"]) {
      hint.addEventListener(leaving, () => hint.removeAttribute("data-closed"));
    }
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (button?.dataset.action === "print") window.print();
  if (button?.dataset.action === "copy") copyAddress(button);
  if (button?.dataset.action === "share") share(button);
});

showEnhancements();
document.querySelectorAll("form[data-text-size]").forEach(changeTextSizeInPlace);
closeHints();
