// The device knows where its clock is; the person says whether they are there.
"use strict";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const minutes = -new Date().getTimezoneOffset();

for (const note of document.querySelectorAll("[data-clock-minutes]")) {
  if (zone && Number(note.dataset.clockMinutes) !== minutes) {
    note.querySelector("[data-device-zone]").textContent = zone.split("/").pop().replaceAll("_", " ");
    note.hidden = false;
  }
}

const field = document.querySelector("select[data-offers-device-zone]");
if (field && [...field.options].some((option) => option.value === zone)) {
  field.value = zone;
}
