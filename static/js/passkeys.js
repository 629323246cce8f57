// Makes and uses passkeys: a form with data-passkey asks the device for a credential and sends it in its hidden field.
// What the device is asked stands in the page (#js_data) or at data-options; without this script the button is not shown.

const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function wanted(form) {
  if (!form.dataset.options) return JSON.parse(document.getElementById("js_data").textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

function prepared(options, form) {
  options.challenge = decode(options.challenge);
  if (options.user) options.user.id = decode(options.user.id);
  for (const known of [...(options.excludeCredentials ?? []), ...(options.allowCredentials ?? [])]) {
    known.id = decode(known.id);
  }
  if (form.elements.passwordless?.checked) {
    Object.assign(options.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
  }
  return options;
}

function written(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = encode(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  const { id, type, authenticatorAttachment } = credential;
  const clientExtensionResults = credential.getClientExtensionResults();
  return { id, rawId: encode(credential.rawId), type, authenticatorAttachment, clientExtensionResults, response };
}

async function send(event) {
  const form = event.currentTarget;
  const words = form.querySelector("[role=alert]");
  event.preventDefault();
  words.hidden = true;
  try {
    const { creation_options: toMake, request_options: toShow } = await wanted(form);
    const credential = toMake
      ? await navigator.credentials.create({ publicKey: prepared(toMake.publicKey, form) })
      : await navigator.credentials.get({ publicKey: prepared(toShow.publicKey, form) });
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  } catch (error) {
    words.textContent = error.name === "SecurityError" ? form.dataset.unable : form.dataset.refused;
    words.hidden = false;
  }
}

// A passkey is bound to a name: at a bare number browsers make none.
const able = window.PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname);

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", send);
  const words = form.querySelector("[role=alert]");
  if (able) {
    for (const button of form.querySelectorAll("button[hidden]")) button.hidden = false;
  } else {
    words.removeAttribute("role"); // nobody asked yet: it is no alarm
    words.className = "note";
    words.textContent = form.dataset.unable;
    words.hidden = false;
  }
}

for (const words of document.querySelectorAll("[data-no-passkeys]")) words.hidden = Boolean(able);
