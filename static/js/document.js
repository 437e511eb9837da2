/* Blacks out parts of a picture of a document in the browser: what is sent is the picture with its boxes painted black. */
(() => {
  const form = document.querySelector("[data-document]");
  if (!form) return;
  form.hidden = false;
  const stage = form.querySelector("[data-stage]");
  const canvas = stage.querySelector("canvas");
  const masks = [...stage.querySelectorAll("[data-part]")];
  const largest = 2000;
  let picture = null;
  const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
  const place = (mask, box) => {
    box.width = clamp(box.width, 0.03, 1);
    box.height = clamp(box.height, 0.03, 1);
    box.x = clamp(box.x, 0, 1 - box.width);
    box.y = clamp(box.y, 0, 1 - box.height);
    mask.box = box;
    mask.style.setProperty("inset-inline-start", "auto");
    for (const [name, value] of [["left", box.x], ["top", box.y], ["width", box.width], ["height", box.height]]) mask.style[name] = `${value * 100}%`;
  };
  const lay = () => {
    const kind = form.elements.kind.value.replaceAll("_", "-");
    for (const mask of masks) {
      const [x, y, width, height] = mask.getAttribute(`data-${kind}`).split(",").map(Number);
      place(mask, { x, y, width, height });
    }
  };
  form.elements.kind.addEventListener("change", lay);
  form.elements.picture.addEventListener("change", async () => {
    const file = form.elements.picture.files[0];
    stage.hidden = true;
    if (!file) return;
    try {
      picture = await createImageBitmap(file);
    } catch {
      picture = null;
      return;
    }
    const scale = Math.min(1, largest / Math.max(picture.width, picture.height));
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    lay();
    stage.hidden = false;
  });
  for (const mask of masks) {
    mask.addEventListener("pointerdown", (event) => {
      const start = { ...mask.box, left: event.clientX, top: event.clientY };
      const around = mask.parentElement.getBoundingClientRect();
      const within = mask.getBoundingClientRect();
      const grows = event.clientX > within.right - 24 && event.clientY > within.bottom - 24;
      mask.setPointerCapture(event.pointerId);
      mask.onpointermove = (moved) => {
        const across = (moved.clientX - start.left) / around.width;
        const down = (moved.clientY - start.top) / around.height;
        place(mask, grows ? { x: start.x, y: start.y, width: start.width + across, height: start.height + down }
          : { x: start.x + across, y: start.y + down, width: start.width, height: start.height });
      };
    });
    const stop = () => { mask.onpointermove = null; };
    mask.addEventListener("pointerup", stop);
    mask.addEventListener("pointercancel", stop);
    mask.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] }[event.key];
      if (!step) return;
      event.preventDefault();
      const box = { ...mask.box };
      if (event.shiftKey) [box.width, box.height] = [box.width + step[0], box.height + step[1]];
      else [box.x, box.y] = [box.x + step[0], box.y + step[1]];
      place(mask, box);
    });
  }
  /* The file that was chosen never leaves the browser: in its place goes what is painted here. */
  form.addEventListener("formdata", (event) => {
    event.formData.delete("picture");
    if (!form.painted) return;
    event.formData.set("picture", form.painted, "document.png");
    for (const mask of masks) {
      const { x, y, width, height } = mask.box;
      event.formData.set(`box_${mask.dataset.part}`, [x, y, width, height].map((each) => each.toFixed(4)).join(","));
    }
  });
  form.addEventListener("submit", (event) => {
    if (form.painted || !picture) return;
    event.preventDefault();
    const paint = canvas.getContext("2d");
    paint.fillStyle = "#000";
    for (const { box } of masks) paint.fillRect(Math.floor(box.x * canvas.width) - 1, Math.floor(box.y * canvas.height) - 1, Math.ceil(box.width * canvas.width) + 2, Math.ceil(box.height * canvas.height) + 2);
    canvas.toBlob((blob) => {
      form.painted = blob;
      form.requestSubmit();
    }, "image/png");
  });
})();
