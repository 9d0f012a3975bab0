"""The settings, one topic per module, all read from the environment by `env.py`.

`docs/operation.md` lists every variable.
"""

from config.settings.base import *
from config.settings.services import *
from config.settings.accounts import *
from config.settings.api import *
from config.settings.security import *
from config.settings.channels import *
from config.settings.logs import *
