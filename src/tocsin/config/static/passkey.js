// The one script of the desk: it lets the browser talk to an authenticator. Where it does not run, a code is asked for.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function readQuestion(json) {
  const question = JSON.parse(json);
  question.challenge = toBytes(question.challenge);
  if (question.user) question.user.id = toBytes(question.user.id);
  for (const list of [question.excludeCredentials, question.allowCredentials]) {
    for (const each of list || []) each.id = toBytes(each.id);
  }
  return question;
}

function writeAnswer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
}

for (const button of window.PublicKeyCredential ? document.querySelectorAll("button[data-question]") : []) {
  const form = button.form;
  button.closest("[hidden]").hidden = false;
  button.addEventListener("click", async () => {
    const said = form.querySelector("[data-refused]");
    const publicKey = readQuestion(button.dataset.question);
    try {
      const credential = await (publicKey.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
      form.querySelector("input[name$=answer]").value = writeAnswer(credential);
    } catch {
      said.hidden = false;
      said.focus();
      return;
    }
    form.submit();
  });
}
