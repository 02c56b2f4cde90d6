import Dispatch
import Glibc
import SystemdKit

/// Sends one line and prints all that comes until the end of the file.
func runClient(path: String, line: String) throws {
    switch UnixStream.connect(to: path) {
    case .success(let stream):
        stream.write(line)
        while let answer = stream.readLine() { print(answer) }
    case .failure(let failure):
        print("errno \(failure.code)")
    }
}

/// Entries whose fields the test reads back.
func writeJournal() throws {
    let journal = Journal.standard(identifier: "probe")
    print(journal.destination == .journald ? "journald" : "lines", journal.isReachable)
    try journal.write(
        JournalEntry(
            "Soldes d’été 🎉", priority: .warning, messageID: "7d4958e842da4a758f6c1cdc7b36dcc5",
            fields: [
                JournalField("CAMPAIGN", "spring"), JournalField("CAMPAIGN_STATUS", "active"),
                JournalField("CAMPAIGN_TITLE", "two\nlines=1"), JournalField("RAW", bytes: [0, 255, 10, 61]),
                JournalField("EMPTY", ""), JournalField("LONG", String(repeating: "x", count: 300_000)),
            ]))
    try withoutDescriptors { try journal.write(JournalEntry("Second entry")) }
}

/// Runs `body` while no file can be opened.
private func withoutDescriptors(_ body: () throws -> Void) rethrows {
    var old = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
    var none = rlimit(rlim_cur: 0, rlim_max: old.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
    defer { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old) }
    guard open("/dev/null", O_RDONLY) < 0, errno == EMFILE else { fatalError("a file can be opened") }
    try body()
}

/// Does what it reads from a FIFO, line by line, and confirms each on another one when the manager has been told.
func runNotify(_ service: ServiceEnvironment) throws {
    let notifier = service.notifier
    let base = arguments[1]
    try notifier.extendTimeout(by: .seconds(20), status: "starting")
    try notifier.ready(status: "line one\nREADY=0")
    while true {
        let line = UnixStream(descriptor: open(base + ".do", O_RDONLY)).readLine() ?? ""
        switch line {
        case "reloading": try notifier.reloading(status: "reading again")
        case "ready": try notifier.ready(status: "read again")
        case "stopping": try notifier.stopping(status: "draining")
        default: try notifier.status(line)
        }
        UnixStream(descriptor: open(base + ".done", O_WRONLY)).write(line)
    }
}

/// Feeds the watchdog three times, at half of its interval and without a free descriptor, and then no more.
func runWatchdog(_ service: ServiceEnvironment) throws {
    guard let interval = service.watchdogInterval else { throw StandInDaemon.Refusal.noControlSocket }
    try service.notifier.ready()
    let queue = DispatchQueue(label: "watchdog")
    let timer = DispatchSource.makeTimerSource(queue: queue)
    let half = interval / 2
    let fed = DispatchSemaphore(value: 0)
    timer.schedule(deadline: .now(), repeating: .milliseconds(Int(half / .milliseconds(1))))
    timer.setEventHandler {
        _ = try? service.notifier.watchdog()
        fed.signal()
    }
    timer.activate()
    // By then Dispatch has what its timer needs.
    fed.wait()
    withoutDescriptors { for _ in 1...3 { fed.wait() } }
    timer.cancel()
    try Journal.standard(identifier: "probe").write(
        JournalEntry("Fed", fields: [JournalField("INTERVAL", "\(interval)")]))
    while true { pause() }
}

func printMachine() throws {
    print(try Machine.id() ?? "none", try Machine.bootID(), Machine.isBootedWithSystemd)
}
