#!/usr/bin/env python3
"""Counts the figures of a county again, from its events alone, and compares them with those that the program gives.

    yanhe export --plain --data DIR | recount.py FIGURES.json [--from YYYY-MM-DD] [--to YYYY-MM-DD]

FIGURES.json is what `yanhe figures --json` printed, with the same days if any. Exit code 0: all figures are equal;
1: some differ, each named with both values; 2: something cannot be read. Nothing but the standard library is used,
and nothing but the events: neither the program's tables nor its own summaries.
"""

import argparse
import datetime
import json
import sys
from collections import defaultdict

COUNTY = datetime.timezone(datetime.timedelta(hours=8))


def recorded_on(event):
    """The county's day on which an event was recorded."""
    at = datetime.datetime.fromisoformat(event["at"].replace("Z", "+00:00"))
    return at.astimezone(COUNTY).date().isoformat()


class Recount:
    """Reads the events one by one and keeps only what the definitions ask for."""

    def __init__(self):
        # Day of every act, by the figure it makes.
        self.acts = defaultdict(list)
        # Letters of each matter: paper -> day of issue.
        self.letters = defaultdict(dict)
        # Attempts to serve each paper: proof -> attempt.
        self.attempts = defaultdict(dict)
        # The ruling of each case that stands: is it valid, and its day.
        self.rulings = {}
        # Papers that were voided.
        self.voided = set()
        # Cases: what was drafted last, when it took effect, and what was done of it.
        self.drafts = {}
        self.effective = {}
        self.done = defaultdict(dict)
        self.changed = {}
        self.ended = {}
        self.publicity = {}
        self.organs = {}
        self.online = {}

    def read(self, event):
        """Takes one event."""
        stream, body = event["stream"], event["body"]
        kind = (stream.split("/")[0], event["type"])
        if kind == ("matter", "LettersIssued"):
            for letter in body["letters"]:
                self.letters[stream][letter["paper"]["id"]] = recorded_on(event)
        elif kind == ("paper", "ServiceRecorded"):
            self.attempts[stream][body["service"]["proof"]["id"]] = body["service"]
        elif kind == ("paper", "ServiceCorrected"):
            # What was recorded wrongly was not so; how it was instead has a proof of its own.
            self.attempts[stream].pop(body["proof"], None)
            if body["actual"]:
                self.attempts[stream][body["actual"]["proof"]["id"]] = body["actual"]
        elif kind == ("paper", "PaperVoided"):
            self.voided.add(stream)
        elif kind == ("dossier", "Applied"):
            self.acts["applications"].append(body["on"])
        elif kind == ("dossier", "ApplicationAccepted"):
            self.acts["accepted"].append(body["on"])
        elif kind == ("dossier", "ApplicationRefused"):
            self.acts["refused"].append(body["on"])
        elif kind == ("dossier", "AgreementDrafted"):
            self.drafts[stream] = body["draft"]
        elif kind == ("dossier", "AgreementEffective"):
            self.effective[stream] = body["on"]
        elif kind == ("dossier", "MediationEnded"):
            self.ended[stream] = body["ended"]["on"]
        elif kind == ("dossier", "LapseTakenBack"):
            if body.get("person") is None:
                self.ended.pop(stream, None)
            elif body.get("over_on"):
                self.acts["refused"].remove(body["over_on"])
        elif kind == ("dossier", "ObligationPerformed"):
            self.done[stream][body["obligation"]] = body["on"]
        elif kind == ("confirmation", "ConfirmationFiled"):
            self.acts["confirmations_filed"].append(body["on"])
        elif kind == ("confirmation", "Ruled"):
            self.rulings[stream] = [body["ruling"]["valid"], body["ruling"]["on"]]
        elif kind == ("confirmation", "RulingVoided"):
            self.rulings[stream][1] = None
        elif kind == ("confirmation", "RulingReissued"):
            self.rulings[stream][1] = body["on"]
        elif kind == ("publicity", "PublicityHeld"):
            self.publicity[stream] = body["held"]["date"]
        elif kind == ("publicity", "PublicityWithdrawn"):
            self.publicity.pop(stream, None)
        elif kind == ("organ", "OrganRostered"):
            if body["profile"]["mediates"]:
                self.organs.setdefault(stream, recorded_on(event))
        elif kind == ("organ", "OrganWithdrawn"):
            self.organs.pop(stream, None)
        elif kind == ("organ", "OrganOnboarded"):
            self.online.setdefault(stream, body["on"])

    def days(self):
        """The days of the acts of every figure."""
        acts = defaultdict(list, {name: list(days) for name, days in self.acts.items()})
        for letters in self.letters.values():
            standing = {paper: day for paper, day in letters.items() if paper not in self.voided}
            if standing:
                acts["letters"].append(min(standing.values()))
            acts["letter_copies"] += standing.values()
            served = ([s["on"] for s in self.attempts[paper].values() if s["served"]] for paper in standing)
            acts["letters_served"] += [min(days) for days in served if days]
        for valid, day in self.rulings.values():
            if day:
                acts["confirmed" if valid else "confirmation_rejected"].append(day)
        acts["agreements_effective"] += self.effective.values()
        acts["successful"] += self.effective.values()
        acts["ended"] += [day for case, day in self.ended.items() if case not in self.effective]
        for case in self.effective:
            obligations = range(1, len(self.drafts[case]["obligations"]) + 1)
            done = self.done[case]
            # Fully: every obligation of the agreement, on the day of the last of them.
            if obligations and all(number in done for number in obligations):
                acts["performed"].append(max(done.values()))
        acts["publicity_events"] += self.publicity.values()
        acts["organs"] += self.organs.values()
        acts["organs_online"] += self.online.values()
        return acts


FIGURES = [
    "letters", "letter_copies", "letters_served", "applications", "accepted", "refused", "successful", "ended",
    "agreements_effective", "performed", "confirmations_filed", "confirmed", "confirmation_rejected",
    "publicity_events", "organs", "organs_online",
]

# What is there on the last day, since whenever.
STOCK = {"organs", "organs_online"}


def main():
    """Reads, counts, compares."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("figures", metavar="FIGURES.json")
    arguments.add_argument("--from", dest="first", default="0001-01-01", metavar="YYYY-MM-DD")
    arguments.add_argument("--to", dest="last", default="9999-12-31", metavar="YYYY-MM-DD")
    given = arguments.parse_args()
    try:
        with open(given.figures, encoding="utf-8") as file:
            said = json.load(file)
        recount, lines = Recount(), 0
        for line in sys.stdin.buffer:
            recount.read(json.loads(line))
            lines += 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {error!r}", file=sys.stderr)
        return 2
    if lines == 0:
        print("cannot be read: no events", file=sys.stderr)
        return 2
    days = recount.days()
    first = {name: "" if name in STOCK else given.first for name in FIGURES}
    counted = {name: sum(first[name] <= day <= given.last for day in days[name]) for name in FIGURES}
    wrong = [name for name in FIGURES if said.get(name) != counted[name]]
    for name in wrong:
        print(f"{name}: the program says {said.get(name)}, the events say {counted[name]}")
    for name in sorted(set(said) - set(FIGURES)):
        print(f"{name}: a figure that is not counted again")
        wrong.append(name)
    if not wrong:
        print(f"{len(FIGURES)} figures counted again from {lines} events: all equal")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
