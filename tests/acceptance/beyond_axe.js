/* Returns what WCAG 2.2 (AA) asks for and axe does not see, as sentences. */
() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const fault = (said, element) => faults.push(`${said}: ${element?.outerHTML.slice(0, 120) ?? document.title}`);

  if (all("h1").length !== 1) fault("not one heading of the first level");
  if (!document.title.includes(all("h1")[0]?.innerText.trim().slice(0, 10))) fault("the title does not name the page (2.4.2)");
  for (const landmark of ["main", "body > header", "body > footer", "a.skip[href='#content']"])
    if (all(landmark).length !== 1) fault(`not one ${landmark} (1.3.1, 2.4.1)`);

  // Nothing lies over what has the focus (2.4.11), and nothing moves (2.3.3): the browser asks for less motion.
  for (const element of all("body, body *")) {
    const style = getComputedStyle(element);
    if (["fixed", "sticky"].includes(style.position)) fault("it stays while the page moves", element);
    if (style.animationName !== "none" || style.transitionDuration.split(",").some((one) => parseFloat(one)))
      fault("it moves", element);
  }
  if (getComputedStyle(document.documentElement).scrollBehavior !== "auto") fault("the page glides");

  // What is wrong is said in words that belong to the field or to the group it is in (3.3.1).
  for (const field of all("[aria-invalid]")) {
    if (!field.matches("input, select, textarea") || field.matches("[type=radio]")) fault("it cannot be invalid", field);
    if (!document.getElementById(field.getAttribute("aria-describedby"))?.innerText) fault("nothing says why", field);
  }
  for (const said of all(".error[id]"))
    if (!all(`[aria-describedby~="${said.id}"]`).length) fault("it belongs to no field", said);

  // Words in a language of the other direction have one of their own (3.1.2, 1.3.2).
  const rightToLeft = /^(fa|ar|he|ur)\b/;
  // In a drawing there is no such attribute: an isolate stands around them (Unicode Standard Annex 9, 2.4).
  for (const element of all("body [lang]:not(option)").filter((one) => !/^[\u2066\u2067].*\u2069$/.test(one.textContent)))
    if (rightToLeft.test(element.lang) !== rightToLeft.test(document.documentElement.lang) && !element.closest("[dir]:not(html)"))
      fault("its direction is not said", element);

  // The table beside a picture says what the picture says (1.1.1).
  for (const plot of all("svg.plot")) {
    const plain = (text) => text.replace(/[\u2066-\u2069\s]+/g, " ").trim();
    const table = plot.previousElementSibling;
    const rows = all("tbody tr").filter((row) => table.contains(row));
    const told = rows.map((row) => plain([...row.cells[0].childNodes].find((one) => one.nodeType === 3).data));
    const drawn = [...plot.querySelectorAll(".value")].map((one) => plain(one.textContent));
    if (!rows.length || told.join("|") !== drawn.join("|")) fault(`${told.join("|")} is drawn as ${drawn.join("|")}`, plot);
    if (!plot.querySelector("title").textContent.includes(plain(table.caption.innerText).slice(1))) fault("it has another name", plot);
    if (!told.every((value) => plain(plot.querySelector("desc").textContent).includes(value))) fault("it is not described", plot);
  }
  return faults;
}
