// Wakes the GOV.UK components; every page works without them.
import {
  Button,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

// What was typed waits in this tab while the language is changed, and over a log-in where files were sent in vain.
const TYPED = "typed";
const fields = () =>
  [...document.querySelectorAll("main :is(input, select, textarea)[name]")].filter(
    ({ type }) => !["hidden", "password", "file"].includes(type),
  );
const keep = (page) => {
  const typed = fields().map(({ name, value, checked }) => ({ name, value, checked }));
  sessionStorage.setItem(TYPED, JSON.stringify({ page, typed }));
};
for (const link of document.querySelectorAll(".app-languages a")) {
  link.addEventListener("click", () => keep(link.pathname));
}
for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) {
  form.addEventListener("submit", () => keep(location.pathname));
}
const kept = JSON.parse(sessionStorage.getItem(TYPED));
if (location.pathname !== "/login") sessionStorage.removeItem(TYPED);
if (kept?.page === location.pathname) {
  for (const field of fields()) {
    const same = kept.typed.filter(({ name }) => name === field.name);
    if ("checkbox radio".includes(field.type)) {
      field.checked = same.some(({ value, checked }) => checked && value === field.value);
    } else if (same.length) {
      field.value = same[0].value;
    }
  }
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [
  Button,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component);
}
