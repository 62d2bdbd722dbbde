"""Tells verdicts: annotations on standard error, a table for the summary of the job on standard output."""

import json
import sys


def main(path, code):
    try:
        suites = json.load(open(path))
    except ValueError:
        print(f"::error::no verdict: assay ended with exit code {code}", file=sys.stderr)
        print(f"No verdict: `assay check` ended with exit code {code}.")
        return
    print("| scenario | property | verdict | as expected | claim |\n|---|---|---|---|---|")
    for suite in suites:
        name = suite.get("scenario") or suite.get("file") or ""
        for verdict in suite["verdicts"]:
            expected = {True: "yes", False: "**no**", None: "not known"}[verdict.get("as_expected")]
            claim = str(verdict.get("claim", "")).replace("|", "\\|")
            print(f"| {name} | {verdict['id']} | {verdict['status']} | {expected} | {claim} |")
            if verdict.get("as_expected") is False:
                print(f"::error title={verdict['id']}::{name}: {verdict['status']}: {verdict.get('reason', '')}", file=sys.stderr)


main(*sys.argv[1:])
