"""What a session log says of each part; kept inside the log, because they are one fact."""

from uuid import UUID

import msgspec

Number = float | int | str | bool | None


class ToldPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one part got in one session. What nobody recorded is not written.

    measures: dose-field code -> number in the unit that the code names.
    typed: dose-field code -> {"text", "unit"} as the person entered it.
    """

    part: UUID
    motion: str = ""
    muscle: str = ""
    side: str = "none"
    outcome: str = "done"
    pain: int | None = None
    pain_unfelt: bool = False
    measures: dict[str, Number] = {}
    typed: dict[str, dict[str, str]] = {}
