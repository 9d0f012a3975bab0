"""Choosing a device file, or pasting its lines: what was chosen once need not be chosen again."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from rehab.actions.device_imports import LONGEST_NAME, UNREADABLE, DeviceFile
from rehab.domain.device_file import DeviceTable, UnreadableFile, table_from_csv
from rehab.web.forms.fields import select, shaped, text
from rehab.web.presenters import clock
from rehab.web.viewing import Viewer

# Two hundred rides with every column are about 20 kB.
LARGEST_BYTES = 200_000
# Spreadsheets in China still write the second; every byte string of it that is UTF-8 is read first.
ENCODINGS = ("utf-8-sig", "gb18030")


class DeviceFileForm(forms.Form):
    """`text` carries the lines of the file along; a file that is chosen takes their place."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        viewer: Viewer,
        items: Sequence[tuple[UUID, str]],
    ) -> None:
        zones = dict.fromkeys([viewer.patient.zone, viewer.patient.clinic.zone, "UTC"])
        super().__init__(data, files, initial={"zone": viewer.patient.zone})
        self.table = DeviceTable(rides=(), ignored=())
        self.fields["file"] = shaped(
            forms.FileField(
                label=_("File of the device (CSV)"),
                required=False,
                allow_empty_file=True,
                widget=forms.FileInput({"accept": ".csv,.txt,text/csv,text/plain"}),
            ),
            "text",
        )
        self.fields["text"] = shaped(
            forms.CharField(
                label=_("The lines of the file"),
                required=False,
                strip=False,
                max_length=LARGEST_BYTES,
                help_text=_("The first line has the names of the columns."),
                widget=forms.Textarea({"rows": 6, "spellcheck": "false", "class": "lines-of-file"}),
            ),
            "text",
        )
        shown = [(zone, clock.zone_label(zone, viewer.language)) for zone in zones]
        self.fields["zone"] = select(_("The clock of the device"), shown)
        listed = [(str(series), title) for series, title in items]
        self.fields["series"] = select(
            _("Which item of the plan"), listed, empty=_("The one that was in the plan then")
        )
        self.fields["model"] = text(_("Device"), max_length=LONGEST_NAME)
        self.fields["serial"] = text(
            _("Serial number"),
            max_length=LONGEST_NAME,
            help_text=_("With it a ride is known again in another file, and not counted twice."),
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        lines = self._lines(said)
        if lines is None:
            return said
        # What was read once travels on as text: the file need not be chosen again.
        self.data = {**self.data.dict(), "text": lines}  # type: ignore[attr-defined]
        said["text"] = lines
        try:
            self.table = table_from_csv(lines, zone=said.get("zone", "UTC"))
        except UnreadableFile as error:
            self.add_error("text", self._why(error.code, lines))
        return said

    def _lines(self, said: Mapping[str, Any]) -> str | None:
        """Return the lines of the file that was chosen, or else those pasted."""
        chosen = said.get("file")
        if chosen is None:
            pasted = str(said.get("text") or "").replace("\r\n", "\n")
            if not pasted.strip():
                self.add_error("file", _("Choose a file, or paste its lines below."))
                return None
            return pasted
        if chosen.size > LARGEST_BYTES:
            self.add_error(
                "file",
                _("This file is larger than %(most)s kB. Send the rides of fewer days.")
                % {"most": LARGEST_BYTES // 1000},
            )
            return None
        body = chosen.read()
        for encoding in ENCODINGS:
            try:
                return str(body.decode(encoding)).replace("\r\n", "\n")
            except UnicodeDecodeError:
                continue
        self.add_error("file", _("This is no text. Save it as CSV on the device or the computer."))
        return None

    def _why(self, code: str, lines: str) -> str:
        found = lines.strip().partition("\n")[0][:200]
        if code == "no_start_column" and found:
            return _(
                "The file needs a column started_at, with the date and the time of each ride."
                " Its first line reads: %(line)s. Change the name of that column below."
            ) % {"line": found}
        return _(UNREADABLE[code])

    def device_file(self) -> DeviceFile:
        said = self.cleaned_data
        return DeviceFile(
            digest=hashlib.sha256(said["text"].encode()).hexdigest(),
            model=said["model"].strip(),
            serial=said["serial"].strip(),
            zone=said["zone"],
            series=UUID(said["series"]) if said["series"] else None,
            table=self.table,
        )
