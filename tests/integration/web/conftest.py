from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.integration.web.scenes import Scene
    from tests.people import Cast


@pytest.fixture
def scene(cast: "Cast") -> Iterator["Scene"]:
    """Alice has a plan; it is Monday afternoon, and Bob and Dana have an account each."""
    from tests.integration.web.scenes import NOW, make_scene

    made = make_scene(cast)
    with time_machine.travel(NOW, tick=False):
        yield made
