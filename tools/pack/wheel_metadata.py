"""Prints what a wheel says of itself, as JSON: name, version, requires."""

import importlib.metadata
import json
import sys
import zipfile

wheel = zipfile.Path(sys.argv[1])
info = next(entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
metadata = importlib.metadata.PathDistribution(info)
print(
    json.dumps(
        {"name": metadata.metadata["Name"], "version": metadata.version, "requires": list(metadata.requires or [])}
    )
)
