"""``python -m groundplan_local``: the local AWS in the foreground until it is told to stop."""

from groundplan_local.launcher import main

raise SystemExit(main())
