import CampaignModel
import CProcess
import Glibc
import SystemdKit

/// An audience's list being read: one loop over its process, its bytes, the time, and the peer that asked.
final class AudienceRun {
    enum Ending: Hashable {
        /// The list was read to its end, or as far as was wanted.
        case read
        case failed(String)
        /// Nobody waits for the answer any more.
        case unwanted
    }

    private let audience: Slug
    private let source: AudienceSource
    private let connection: Connection
    private let timeout: Duration
    private let deadline: ContinuousClock.Instant
    private let signals: SignalWatch
    private let process: ChildProgram
    private let take: (RecipientRecord) -> Bool
    private let log: ProgramLog

    private var reader = RecipientReader()
    private var errorLines = OutputLines()
    private var isStarting = true
    private var isOutputOpen = true
    private var isErrorsOpen = true
    private var startError: CInt?
    private var ending: Ending?

    private static let pieceBytes = 64 * 1_024
    /// What a pipe can still hold when its writers are dead: /proc/sys/fs/pipe-max-size
    private static let restBytes = 1_024 * 1_024
    /// For the end of what is killed. With the time for the list it stays below the 10 seconds of the one who asked.
    private static let endPatience = Duration.milliseconds(500)

    /// - Parameter take: gets each recipient, and says whether it wants more.
    init(
        _ source: AudienceSource, of audience: Slug, sender: Sender, take: @escaping (RecipientRecord) -> Bool
    ) throws(SystemError) {
        self.audience = audience
        self.source = source
        self.take = take
        connection = sender.connection
        timeout = sender.options.audienceTimeout
        deadline = .now + timeout
        log = ProgramLog(speaker: audience)
        signals = try SignalWatch()
        _ = cprocess_become_subreaper()
        process = try ChildProgram.startWithoutInput(
            source.words, environment: ProgramEnvironment.inherited(), folder: "/")
    }

    /// Returns when nothing of it runs any more.
    func run() -> Ending {
        while ending == nil, !process.hasEnded { turn() }
        // Still a zombie, or not ended at all: its group can't be anybody else's.
        process.signal(SIGKILL)
        let exit = ending == nil ? process.reap() : nil
        let isClean = Descendants.killAll(signals, within: Self.endPatience)
        if !isClean { Sender.complain("audience \(audience): some processes that list it could not be killed") }
        if let exit { ending = end(exit, isClean: isClean) }
        drainErrors()
        log.finish()
        return ending ?? .read
    }

    private func turn() {
        let interests = interests()
        let happened = Poll.wait(
            interests.map { ($0.descriptor, $0.events) }, timeout: deadline - ContinuousClock.now)
        for (interest, events) in zip(interests, happened) where events != 0 && ending == nil {
            switch interest.source {
            case .signals: takeSignals()
            case .start: readStart()
            case .output: readOutput()
            case .errors: readErrors()
            case .peer: ending = .unwanted
            }
        }
        if ending == nil, ContinuousClock.now >= deadline {
            ending = .failed("\(source.name) was not read to its end within \(timeout.text)")
        }
    }

    private enum Source {
        case signals, start, output, errors, peer
    }

    private func interests() -> [(source: Source, descriptor: CInt, events: Int32)] {
        var interests: [(source: Source, descriptor: CInt, events: Int32)] = [
            (.signals, signals.descriptor, POLLIN),
            // Without events poll(2) tells of a peer that is gone, and not of one that has but ended its side.
            (.peer, connection.descriptor, 0),
        ]
        if isStarting { interests.append((.start, process.execStatus.raw, POLLIN)) }
        if isOutputOpen { interests.append((.output, process.output.raw, POLLIN)) }
        if isErrorsOpen { interests.append((.errors, process.errors.raw, POLLIN)) }
        return interests
    }

    private func takeSignals() {
        Descendants.reap(except: process.id)
        if let number = signals.look() {
            ending = .failed("the sender was stopped by \(SignalName.of(number))")
        }
    }

    private func readStart() {
        var code: CInt = 0
        let count = Glibc.read(process.execStatus.raw, &code, MemoryLayout<CInt>.size)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
        isStarting = false
        if count == MemoryLayout<CInt>.size { startError = code }
    }

    /// - Returns: how many bytes were read.
    @discardableResult
    private func readOutput() -> Int {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        let count = Glibc.read(process.output.raw, &piece, piece.count)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return 0 }
        guard count > 0 else {
            isOutputOpen = false
            return 0
        }
        do throws(RecipientFault) {
            if try !reader.read(piece[..<count], take) { ending = .read }
        } catch {
            ending = .failed("\(source.name): \(error)")
        }
        return count
    }

    @discardableResult
    private func readErrors() -> Int {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        let count = Glibc.read(process.errors.raw, &piece, piece.count)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return 0 }
        guard count > 0 else {
            isErrorsOpen = false
            return 0
        }
        errorLines.read(piece[..<count]) { log.add($0, whole: $1) }
        return count
    }

    /// The process ended by itself: what is left in its pipe is the end of the list, if its status says so.
    private func end(_ exit: ProgramExit, isClean: Bool) -> Ending {
        // A short one may have ended before its start was noticed.
        if isStarting { readStart() }
        if let startError { return .failed(startFault(startError)) }
        var left = Self.restBytes
        while ending == nil, isOutputOpen, left > 0 {
            let count = readOutput()
            if count == 0 { break }
            left -= count
        }
        if let ending { return ending }
        if let fault = source.fault(exit, audience: audience) { return .failed(fault) }
        guard isClean, !isOutputOpen else {
            return .failed("\(source.name) has no end: a process that writes it can't be killed")
        }
        do throws(RecipientFault) {
            try reader.finish(take)
            return .read
        } catch {
            return .failed("\(source.name): \(error)")
        }
    }

    private func startFault(_ code: CInt) -> String {
        let hint = code == ENOEXEC ? " (a script needs #! in its first line)" : ""
        return "\(source.words[0]) did not start: \(String(cString: strerror(code)))\(hint); "
            + "see command in audiences.d/\(audience).yaml"
    }

    private func drainErrors() {
        var left = Self.restBytes
        while isErrorsOpen, left > 0 {
            let count = readErrors()
            if count == 0 { break }
            left -= count
        }
        errorLines.finish { log.add($0, whole: $1) }
    }
}
