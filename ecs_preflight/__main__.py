"""`python -m ecs_preflight` is `ecs-preflight`."""

import sys

from ecs_preflight.cli import main

sys.exit(main())
