// Like and dislike without loading the page anew. The form works by itself; where the network fails, it is sent so.

function sendInPlace(form) {
  form.addEventListener("submit", async (event) => {
    const isLoggedIn = form.elements.csrfmiddlewaretoken; // else the page to log in comes
    if (!isLoggedIn || form.dataset.plain) return;
    event.preventDefault();
    const button = event.submitter;
    const body = new FormData(form, button);
    const headers = { "HX-Request": "true" };
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers });
      if (!answer.ok) throw new Error(String(answer.status));
      show(form, await answer.text(), button);
    } catch {
      form.dataset.plain = "true"; // the browser sends it, and shows what the server says
      form.requestSubmit(button);
    }
  });
}

// Puts the form that came in place of this one, with the focus where it was.
function show(form, html, button) {
  const place = [...form.querySelectorAll("button")].indexOf(button);
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("form");
  form.replaceWith(document.adoptNode(fresh));
  sendInPlace(fresh);
  fresh.querySelectorAll("button")[place]?.focus();
}

document.querySelectorAll("form[data-reactions]").forEach(sendInPlace);
