"""The mannequin: all its bones, each after the one that it hangs on.

Sizes are those of nobody in particular. Bones are those of the right side; the left is their
mirror image. Standing, arms hanging, palms towards the body: every angle is zero.
"""

from exercises.domain.drawing.arm import ARM
from exercises.domain.drawing.bones import Bone
from exercises.domain.drawing.leg import LEG
from exercises.domain.drawing.torso import TORSO

BONES: dict[str, Bone] = {**TORSO, **ARM, **LEG}
