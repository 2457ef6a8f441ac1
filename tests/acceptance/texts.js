/* Returns every text of the page: its size in CSS pixels, whether it is large as WCAG 2.2 means it, and its lines' boxes. */
() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim();
    if (!text) continue;
    const style = getComputedStyle(texts.currentNode.parentElement);
    const size = parseFloat(style.fontSize);
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const boxes = [...range.getClientRects()]
      .filter((box) => box.width >= 1 && box.height >= 1)
      .map((box) => [box.left + scrollX, box.top + scrollY, box.width, box.height]);
    found.push({ text, size, large: size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700), boxes });
  }
  return found;
}
