"""The local AWS: a pinned emulator plus what it lacks.

The emulator (MiniStack) is not ours and changes every few days, so nothing here imports it
before :mod:`groundplan_local.seams` has refused every version but the pinned one.
"""

PINNED_MINISTACK = "1.5.33"
