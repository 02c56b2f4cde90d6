// A stand-in for the programs, for tests of SystemdKit and of the units under a real systemd. It is no part of what
// is installed. What it does is chosen by the name under which it is started (campaignd, campaign-send), or else by
// its first argument.

import Glibc
import SystemdKit

// First of all, as ServiceEnvironment asks.
let service = try ServiceEnvironment.take()

let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? ""
let arguments = Array(CommandLine.arguments.dropFirst())

switch (program, arguments.first) {
case ("campaignd", _): try StandInDaemon(service: service).run()
case ("campaign-send", _): try StandInSender(service: service).run()
case (_, "client"): try runClient(path: arguments[1], line: arguments[2])
case (_, "journal"): try writeJournal()
case (_, "notify"): try runNotify(service)
case (_, "watchdog"): try runWatchdog(service)
case (_, "machine"): try printMachine()
default:
    print("usage: SystemdProbe client PATH LINE | journal | notify FIFO | watchdog | machine")
    exit(64)
}
