/* Returns what is wrong with a page that is shown without its stylesheet, as sentences. */
() => {
  const faults = [];
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const fault = (said, element) => faults.push(`${said}: ${element.outerHTML.slice(0, 120)}`);

  if (getComputedStyle(document.body).marginTop !== "8px") fault("it has its stylesheet", document.body);
  const headings = all("h1, h2, h3").filter((one) => one.checkVisibility());
  headings.forEach((heading, at) => {
    const before = headings[at - 1];
    if (before && heading.getBoundingClientRect().top < before.getBoundingClientRect().bottom) fault("it stands too high", heading);
    if (Number(heading.tagName[1]) > Number(before?.tagName[1] ?? 0) + 1) fault("a level is left out", heading);
  });

  for (const picture of all("svg, img")) {
    const { width, height } = picture.getBoundingClientRect();
    if (width > 640 || height > 640) fault(`it is ${width} by ${height}`, picture);
  }

  for (const link of all("a")) {
    if (!link.textContent.trim()) fault("it says nothing", link);
    const next = link.nextSibling;
    if (next?.nodeName === "A" && !/\s$/.test(link.textContent) && !/^\s/.test(next.textContent)) fault("two links run together", link);
  }

  // What is only for ears adds to the words beside it, and does not say them again.
  for (const unseen of all(".unseen")) {
    const said = unseen.textContent.replace(/^\W+|\W+$/gu, "");
    if (said && unseen.parentElement.textContent.split(said).length > 2) fault("it is read twice", unseen.parentElement);
  }

  for (const form of all("form")) {
    const fields = [...form.elements].filter((one) => one.matches("input:not([type=hidden]), select, button"));
    if (!fields.some((one) => one.matches("button"))) fault("it cannot be sent", form);
    for (const field of fields) {
      const folded = field.closest("details:not([open])");
      if (field.disabled || !(folded ?? field).checkVisibility()) fault("it cannot be filled in", field);
      if (!field.matches("button") && !field.labels.length) fault("it does not say what it is for", field);
      if (!field.matches("button") && ![...field.labels].every((one) => one.textContent.trim())) fault("its label is empty", field);
    }
  }
  return faults;
}
