// Times in the zone of the reader's device.

import { remember, remembered, setCookie } from "./cookies.js";

const root = document.documentElement;

// The device's zone becomes the page's when we first see it and whenever the device moves;
// a zone chosen in the footer stands in between.
export function followDeviceZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || !navigator.cookieEnabled || remembered("zone") === zone) return;
  remember("zone", zone);
  if (root.dataset.zone === zone) return;
  setCookie("tz", zone);
  root.dataset.zone = zone;
  showTimesAnew();
}

// Asks for this page once more, now with the zone, and takes over its times: one place says how times are written.
function showTimesAnew() {
  const request = new XMLHttpRequest();
  request.open("GET", location.href);
  request.responseType = "document";
  request.addEventListener("load", () => {
    if (!request.response) return;
    const key = (time) => `${time.dataset.moment} ${time.dateTime}`;
    const fresh = new Map([...request.response.querySelectorAll("time[data-moment]")].map((time) => [key(time), time]));
    document.querySelectorAll("time[data-moment]").forEach((time) => {
      const now = fresh.get(key(time));
      if (!now) return;
      time.textContent = now.textContent;
      if (now.title) time.title = now.title;
    });
    const choice = request.response.querySelector("select[name=time_zone]");
    document.querySelector("select[name=time_zone]")?.replaceWith(document.adoptNode(choice));
  });
  request.send();
}
