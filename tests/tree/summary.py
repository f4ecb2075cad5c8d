#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up what the test runner recorded in one or more build directories.

usage: summary.py BUILD_DIR...
"""
import json
import pathlib
import sys


def main():
    count = {"passed": 0, "failed": 0, "skipped": 0}
    for build in sys.argv[1:]:
        for line in (pathlib.Path(build) / "meson-logs/testlog.json").read_text().splitlines():
            result = json.loads(line)["result"]
            key = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}.get(result, "failed")
            count[key] += 1
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] or not count["passed"] else 0


sys.exit(main())
