/* Passkeys: the form asks the server what to ask the device, the device answers, and the form is sent with its answer.
   Where there is no script, or the browser knows no passkeys, these forms stay hidden and nothing is lost. */
"use strict";
(() => {
  const forms = [...document.querySelectorAll("form[data-passkey]")];
  if (!forms.length || !window.isSecureContext || !window.PublicKeyCredential) return;

  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const read = (options) => {
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    for (const each of [...(options.excludeCredentials ?? []), ...(options.allowCredentials ?? [])]) each.id = toBytes(each.id);
    return options;
  };
  const write = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
  };

  const ask = async (form) => {
    const given = await fetch(form.dataset.asks, { headers: { Accept: "application/json" } });
    if (given.redirected) return location.reload();  // she has to prove first who she is, as this page then asks
    const publicKey = read(await given.json());
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.answer.value = write(credential);
    for (const input of form.querySelectorAll("[data-copied]")) {
      input.value = document.getElementById(input.dataset.copied)?.checked ? "y" : "";
    }
    form.submit();
    return undefined;
  };

  /* What a browser says of a device that gave no answer: it has this passkey already, or its user stopped. */
  const wordsFor = (form, error) => {
    if (error.name === "InvalidStateError" && form.dataset.known) return form.dataset.known;
    return ["NotAllowedError", "AbortError", "InvalidStateError"].includes(error.name) ? form.dataset.stopped : form.dataset.fault;
  };

  for (const form of forms) {
    const button = form.querySelector("button[type=submit]");
    const said = form.querySelector("[data-said]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.elements.name?.type === "text" && !form.elements.name.value.trim()) return form.submit();  // the page says so
      button.disabled = true;
      said.hidden = true;
      try {
        await ask(form);
      } catch (error) {
        said.textContent = wordsFor(form, error);
        said.hidden = false;
        button.disabled = false;
      }
      return undefined;
    });
  }
  for (const each of document.querySelectorAll("[data-no-passkey]")) each.hidden = true;
  window.addEventListener("pageshow", () => { for (const form of forms) form.querySelector("button[type=submit]").disabled = false; });
})();
