// The signing page: shows the document, opens the key file, checks what the site prepared, signs it, sends the value.
// The key and its password never leave the browser.
import { check } from "./check.js";
import { fromBase64, toBase64 } from "./encoding.js";
import { Problem } from "./problem.js";
import { readable, row } from "./readable.js";

const form = document.getElementById("signing");
if (form) start(form);

function start(form) {
  const part = (name) => document.getElementById(`signing-${name}`);
  const json = (name) => JSON.parse(part(name).textContent);
  const messages = json("messages");
  const { timeZone } = form.dataset;
  const day = (moment) => new Date(moment).toLocaleDateString("ru", { timeZone }); // dd.mm.yyyy in every language of the site
  let shown;
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
      state("signing", messages.preparing);
      const { der, chain, key } = opened;
      const prepared = await post(form.dataset.certificateUrl, { certificate: toBase64(der), chain: chain.map(toBase64) });
      const signedInfo = fromBase64(prepared.signedInfo);
      const signedProperties = fromBase64(prepared.signedProperties);
      await check({ document: shown, signedInfo, signedProperties }, der, key.algorithm.name);
      state("signing", messages.signing);
      const value = await crypto.subtle.sign({ name: key.algorithm.name, hash: "SHA-256" }, key, signedInfo);
      state("signing", messages.sending);
      const { location } = await post(form.dataset.valueUrl, { value: toBase64(new Uint8Array(value)) });
      window.location.assign(location);
    }),
  );

  form.hidden = false;
  attempt("ready", async () => {
    shown = await download(form.dataset.documentUrl);
    part("document").replaceChildren(...readable(shown, json("labels"), { ...messages, timeZone }));
  });

  async function attempt(done, work) {
    part("error").hidden = true;
    try {
      await work();
      state(done);
    } catch (error) {
      const { code, text } = error instanceof Problem ? error : new Problem("failed");
      part("error-text").textContent = text ?? messages[code];
      part("error").hidden = false;
      part("error").focus();
      state("failed");
      if (!(error instanceof Problem)) throw error;
    }
  }

  function state(name, progress = "") {
    form.dataset.state = name;
    part("progress").textContent = progress;
    const busy = name === "opening" || name === "signing" || name === "signed";
    for (const button of [part("open"), part("sign")]) button.disabled = busy || !shown;
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

function openInWorker(url, file, password) {
  const worker = new Worker(url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { opened, problem } }) =>
      opened ? resolve(opened) : reject(new Problem(problem.code));
    worker.onerror = () => reject(new Problem("failed"));
    worker.postMessage({ file, password }, [file]);
  }).finally(() => worker.terminate());
}
