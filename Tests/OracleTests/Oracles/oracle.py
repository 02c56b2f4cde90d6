"""Answers requests, one JSON object a line, with one line each.

    {"draw": 50, "seed": 7, "from": 100, "peer": "dateutil"}   the random cases 100 to 149 of seed 7, with answers
    {"simpler": {case}, "peer": "dateutil"}                     simpler cases than this one, with answers
    {"zones": true}                                             all names of zones, and which of them are the same file
    {"zone": "Europe/Paris"}                                    what its clocks do at each of their changes
"""

import json
import sys
from importlib import import_module

import zones
from answers import answer
from cases import draw
from shrinking import simpler
from transitions import counts_leap_seconds, same_files, zone_line

PEERS = ("dateutil", "libical")


def reply(request):
    if "zones" in request:
        leaping = [name for name in zones.all_names() if counts_leap_seconds(name)]
        return {"groups": same_files([name for name in zones.all_names() if name not in leaping]), "leaping": leaping}
    if "zone" in request:
        return zone_line(request["zone"])
    name = request["peer"]
    peer = import_module(f"{name}_peer")
    if "draw" in request:
        return [draw(request["seed"], request["from"] + index, name, peer) for index in range(request["draw"])]
    return [answer(case, peer) for case in simpler(request["simpler"])]


def main():
    for line in sys.stdin:
        print(json.dumps(reply(json.loads(line)), separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
