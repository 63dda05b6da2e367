// The signing page: shows each document, opens the key file, checks what the site prepared, signs it, sends the value.
// The key and its password never leave the browser. Where several documents stand, each is checked and signed by
// itself: what fails is named, and the others go through.
import { check } from "./check.js";
import { fromBase64, toBase64 } from "./encoding.js";
import { Problem } from "./problem.js";
import { readable, row } from "./readable.js";

const AT_ONCE = 4; // documents on their way here at the same time

const form = document.getElementById("signing");
if (form) start(form);

function start(form) {
  const part = (name) => document.getElementById(`signing-${name}`);
  const json = (name) => JSON.parse(part(name).textContent);
  const messages = json("messages");
  const { timeZone } = form.dataset;
  const day = (moment) => new Date(moment).toLocaleDateString("ru", { timeZone }); // dd.mm.yyyy in every language of the site
  const several = [...document.querySelectorAll("[data-signing]")];
  const documents = several.length ? several.map(oneOfSeveral) : [{ place: part("document"), ...form.dataset }];
  let opened;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.state === "opened") return;
    attempt("opened", async () => {
      state("opening", messages.opening);
      const [file] = part("key").files;
      if (!file) throw new Problem("choose-file");
      opened = await openInWorker(form.dataset.workerUrl, await file.arrayBuffer(), part("password").value);
      part("password").value = "";
      showCertificate(opened.certificate);
    });
  });

  part("key").addEventListener("change", () => {
    opened = undefined;
    part("certificate").hidden = true;
    state("ready");
  });

  part("sign").addEventListener("click", () =>
    attempt("signed", async () => {
      const location = several.length ? await signAll() : await sign(documents[0], (message) => state("signing", message));
      window.location.assign(location);
    }),
  );

  form.hidden = false;
  attempt("ready", async () => {
    const labels = json("labels");
    const waiting = [...documents];
    const fetchAll = async () => {
      for (let each = waiting.shift(); each; each = waiting.shift()) {
        each.shown = await download(each.documentUrl);
        each.place.replaceChildren(...readable(each.shown, labels[each.labels] ?? labels, { ...messages, timeZone }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, fetchAll));
  });

  // The document's own checks and signature; → where to go on.
  async function sign({ shown, certificateUrl, valueUrl }, say) {
    say(messages.preparing);
    const { der, chain, key } = opened;
    const prepared = await post(certificateUrl, { certificate: toBase64(der), chain: chain.map(toBase64) });
    const signedInfo = fromBase64(prepared.signedInfo);
    const signedProperties = fromBase64(prepared.signedProperties);
    await check({ document: shown, signedInfo, signedProperties }, der, key.algorithm.name);
    say(messages.signing);
    const value = await crypto.subtle.sign({ name: key.algorithm.name, hash: "SHA-256" }, key, signedInfo);
    say(messages.sending);
    const { location } = await post(valueUrl, { value: toBase64(new Uint8Array(value)) });
    return location;
  }

  async function signAll() {
    const waiting = documents.filter(({ signed }) => !signed);
    const failed = [];
    let location;
    for (const [index, each] of waiting.entries()) {
      const words = { number: index + 1, all: waiting.length };
      state("signing", fill(messages["one-of-several"], words));
      try {
        location = await sign(each, () => {});
        each.signed = true;
        each.says(messages["is-signed"], "passed");
      } catch (error) {
        const reason = reasonOf(error);
        failed.push(each.name);
        each.says(fill(messages["is-not-signed"], { reason }), "failed");
      }
    }
    if (!failed.length) return location;
    part("sign").textContent = fill(messages["sign-all"], { num: failed.length });
    const words = { failed: failed.length, all: waiting.length, names: failed.join(", ") };
    throw Object.assign(new Problem("failed"), { text: fill(messages["some-failed"], words) });
  }

  async function attempt(done, work) {
    part("error").hidden = true;
    try {
      await work();
      state(done);
    } catch (error) {
      part("error-text").textContent = reasonOf(error);
      part("error").hidden = false;
      part("error").focus();
      state("failed");
      if (!(error instanceof Problem)) throw error;
    }
  }

  function reasonOf(error) {
    const { code, text } = error instanceof Problem ? error : new Problem("failed");
    return text ?? messages[code];
  }

  function state(name, progress = "") {
    form.dataset.state = name;
    part("progress").textContent = progress;
    const busy = name === "opening" || name === "signing" || name === "signed";
    for (const button of [part("open"), part("sign")]) button.disabled = busy || documents.some(({ shown }) => !shown);
  }

  function showCertificate({ name, iin, organisation, bin, issuer, notAfter }) {
    const lines = { holder: name, iin, organisation, bin, issuer, "valid-until": day(notAfter) };
    part("certificate-list").replaceChildren(
      ...Object.entries(lines)
        .filter(([, value]) => value)
        .map(([label, value]) => row(messages[label], value)),
    );
    part("certificate").hidden = false;
    part("certificate").tabIndex = -1;
    part("certificate").focus();
  }

  async function download(url) {
    const response = await fetch(url).catch(() => null);
    if (!response?.ok) throw new Problem("unreachable");
    return new Uint8Array(await response.arrayBuffer());
  }

  async function post(url, content) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": form.dataset.csrfToken },
      body: JSON.stringify(content),
    }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    if (answer?.error) throw Object.assign(new Problem("failed"), { text: answer.error });
    if (!response?.ok || !answer) throw new Problem("unreachable");
    return answer;
  }
}

function oneOfSeveral(item) {
  const said = item.querySelector("[data-signing-said]");
  const says = (text, status) => {
    said.textContent = text;
    said.className = `app-check app-check--${status}`;
  };
  return { place: item.querySelector("[data-signing-document]"), says, ...item.dataset };
}

function fill(message, words) {
  return message.replace(/\{(\w+)\}/g, (_, name) => words[name]);
}

function openInWorker(url, file, password) {
  const worker = new Worker(url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { opened, problem } }) =>
      opened ? resolve(opened) : reject(new Problem(problem.code));
    worker.onerror = () => reject(new Problem("failed"));
    worker.postMessage({ file, password }, [file]);
  }).finally(() => worker.terminate());
}
