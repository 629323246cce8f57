// What one can do with an article: larger text, print, copy its address, share it.

import { setCookie } from "./cookies.js";

const root = document.documentElement;
const SIZES = ["small", "medium", "large", "larger"];

function showEnhancements() {
  document.querySelectorAll("[data-enhancement]").forEach((element) => {
    const needs = element.dataset.enhancement;
    if (needs === "share" && !navigator.share) return;
    if (needs === "copy" && !navigator.clipboard) return;
    element.hidden = false;
  });
}

function changeTextSize(step) {
  const now = Math.max(0, SIZES.indexOf(root.dataset.text || "medium"));
  const size = SIZES[Math.min(SIZES.length - 1, Math.max(0, now + step))];
  root.dataset.text = size;
  setCookie("text", size);
  document.querySelectorAll("[data-text-step]").forEach((button) => {
    const edge = Number(button.dataset.textStep) < 0 ? SIZES[0] : SIZES.at(-1);
    button.setAttribute("aria-disabled", String(size === edge));
  });
}

async function copyAddress(button) {
  await navigator.clipboard.writeText(button.dataset.address);
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  label.textContent = button.dataset.done;
  setTimeout(() => (label.textContent = before), 2500);
}

async function share(button) {
  try {
    await navigator.share({ title: button.dataset.title, url: button.dataset.address });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // the reader closed the sheet
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.textStep) changeTextSize(Number(button.dataset.textStep));
  if (button.dataset.action === "print") window.print();
  if (button.dataset.action === "copy") copyAddress(button);
  if (button.dataset.action === "share") share(button);
});

showEnhancements();
