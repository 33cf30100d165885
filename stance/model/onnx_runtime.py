"""Loads ONNX Runtime, with no one to report to; all take it from here. Computes nothing."""

from __future__ import annotations

import os

# The version in requirements.txt reports to nobody on Linux and macOS. Newer ones do, unless they find
# this when they are loaded; on Windows it is for Windows, unless it is asked not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime as ort

ort.disable_telemetry_events()

__all__ = ["ort"]
