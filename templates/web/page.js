/* Helps with copying an address and with the time zone. Everything works without it. */
"use strict";

/** Copies the text of the element that a button names; browsers give the clipboard to https and to this machine alone. */
async function copy(text, from) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  getSelection().selectAllChildren(from);
  if (!document.execCommand("copy")) throw new Error("the browser does not let go of it");
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  const from = document.getElementById(button.dataset.copies);
  const said = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await copy(from.textContent.trim(), from);
      said.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(from);
    }
  });
}

/* Whoever has not been asked yet is in the zone of their browser, where the list has it, by a former name of it too.
   Browsers that tell nobody where they are say UTC. */
for (const list of document.querySelectorAll("select[data-guess]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const is = (option) => option.value === zone || option.dataset.also?.split(" ").includes(zone);
  const found = zone?.includes("/") && [...list.options].find(is);
  if (found) list.value = found.value;
}
