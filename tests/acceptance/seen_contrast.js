/* Takes a picture of a page (PNG in base64) and its texts; returns those whose contrast as seen is below WCAG 2.2, 1.4.3 (AA).

   A browser that forces dark colours leaves computed styles as they were, so the pixels themselves are looked at. Behind
   a text is the colour most of its pixels have; the text itself is the colour that stands out most from it. Edges are
   smoothed, so what is found is at most the true contrast. */
async ({ picture, texts }) => {
  const octets = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([octets], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const light = (r, g, b) => {
    const [x, y, z] = [r, g, b].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrastIn = ([left, top, width, height]) => {
    const { data } = context.getImageData(Math.floor(left), Math.floor(top), Math.ceil(width), Math.ceil(height));
    const colours = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
      colours.set(colour, (colours.get(colour) ?? 0) + 1);
    }
    const lights = [...colours].map(([colour, times]) => [light(colour >> 16, (colour >> 8) & 255, colour & 255), times]);
    const behind = lights.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
    return Math.max(...lights.map(([one]) => (Math.max(one, behind) + 0.05) / (Math.min(one, behind) + 0.05)));
  };
  return texts
    .filter(({ boxes }) => boxes.length)
    .map(({ text, large, boxes }) => ({ text, least: large ? 3 : 4.5, seen: Math.max(...boxes.map(contrastIn)) }))
    .filter(({ least, seen }) => seen < least)
    .map(({ text, seen }) => `${seen.toFixed(2)} ${text.slice(0, 40)}`);
}
