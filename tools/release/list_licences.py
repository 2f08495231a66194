"""Prints the licence of every package that is installed beside this interpreter, as JSON."""

import importlib.metadata
import json

# What stood in metadata before SPDX expressions did.
BY_CLASSIFIER = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}
# They come with the virtual environment and not with us.
OF_THE_ENVIRONMENT = ("pip", "setuptools", "wheel")


def licence(metadata) -> str:
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    prefix = "License :: OSI Approved :: "
    classifiers = [c.removeprefix(prefix) for c in metadata.get_all("Classifier") or [] if c.startswith(prefix)]
    if classifiers:
        # several classifiers are a choice by custom (python-dateutil), and an unknown one stays as it is
        return " OR ".join(BY_CLASSIFIER.get(name, name) for name in classifiers)
    return (metadata.get("License") or "none named").splitlines()[0]


print(
    json.dumps(
        [
            {"name": found.metadata["Name"], "version": found.version, "licence": licence(found.metadata)}
            for found in importlib.metadata.distributions()
            if found.metadata["Name"] not in OF_THE_ENVIRONMENT
        ]
    )
)
