import CampaignModel
import Glibc
import RecipientLists
import SystemdKit

/// An audience's list as it comes out of its process, piece by piece, for a loop of somebody else's.
final class AudienceStream {
    private let audience: Slug
    private let source: AudienceSource
    private let process: ChildProgram
    private let take: (RecipientRecord) -> Bool
    private let log: ProgramLog

    private var reader = RecipientReader()
    private var errorLines = OutputLines()
    private var isStarting = true
    private var isOutputOpen = true
    private var isErrorsOpen = true
    private var startFailure: ExecFailure?
    /// Nil while there may be more.
    private(set) var ending: Ending?

    enum Ending: Hashable {
        /// The list was read to its end, or as far as was wanted.
        case read
        case failed(String)
    }

    enum Port {
        case start, output, errors
    }

    private static let pieceBytes = 64 * 1_024
    /// What a pipe can still hold when its writers are dead: /proc/sys/fs/pipe-max-size
    private static let restBytes = 1_024 * 1_024

    /// - Parameter take: gets each recipient, and says whether it wants more.
    init(
        _ source: AudienceSource, of audience: Slug, take: @escaping (RecipientRecord) -> Bool
    ) throws(SystemError) {
        self.audience = audience
        self.source = source
        self.take = take
        log = ProgramLog(speaker: audience)
        let program = source.program
        process = try ChildProgram.startWithoutInput(
            program.words, as: program.file, environment: ProgramEnvironment.inherited(), folder: "/")
    }

    /// What its process is to be known by among others.
    var processID: pid_t { process.id }

    var hasEnded: Bool { process.hasEnded }

    /// What to wait for.
    ///
    /// - Parameter wantsMore: false leaves the list where it is.
    func interests(wantsMore: Bool = true) -> [(port: Port, descriptor: CInt, events: Int32)] {
        var interests: [(port: Port, descriptor: CInt, events: Int32)] = []
        if isStarting { interests.append((.start, process.execStatus.raw, POLLIN)) }
        if isOutputOpen, wantsMore { interests.append((.output, process.output.raw, POLLIN)) }
        if isErrorsOpen { interests.append((.errors, process.errors.raw, POLLIN)) }
        return interests
    }

    /// Takes what is there, without waiting.
    func read(_ port: Port) {
        switch port {
        case .start: readStart()
        case .output: _ = readOutput()
        case .errors: _ = readErrors()
        }
    }

    /// Nobody wants more of it, for that reason.
    func fail(_ reason: String) {
        if ending == nil { ending = .failed(reason) }
    }

    /// Ends its process and all of its group. What had ended by itself is read to its end.
    ///
    /// - Parameter clean: ends what else of it may be left; false where some of it could not be ended.
    func finish(clean: () -> Bool = { true }) {
        let hasEndedItself = ending == nil && process.hasEnded
        // Still a zombie, or not ended at all: its group can't be anybody else's.
        process.signal(SIGKILL)
        let exit = hasEndedItself ? process.reap() : nil
        let isClean = clean()
        if !isClean { Sender.complain("audience \(audience): some processes that list it could not be killed") }
        if let exit { ending = end(exit, isClean: isClean) }
        drainErrors()
        log.finish()
    }

    /// What did not come in time.
    func lateness(_ timeout: Duration) -> String { "\(source.name) was not read to its end within \(timeout.text)" }

    private func readStart() {
        switch ExecFailure.read(process.execStatus.raw) {
        case .notYet: return
        case .succeeded: break
        case .failed(let failure): startFailure = failure
        }
        isStarting = false
    }

    /// - Returns: how many bytes were read.
    private func readOutput() -> Int {
        let piece = nextPiece(of: process.output.raw, &isOutputOpen)
        guard !piece.isEmpty else { return 0 }
        do throws(RecipientFault) {
            if try !reader.read(piece, take) { ending = .read }
        } catch {
            ending = .failed("\(source.name): \(error)")
        }
        return piece.count
    }

    /// - Returns: how many bytes were read.
    private func readErrors() -> Int {
        let piece = nextPiece(of: process.errors.raw, &isErrorsOpen)
        errorLines.read(piece) { log.add($0, whole: $1) }
        return piece.count
    }

    /// What is there now; empty where nothing is, or at the end, which then is told.
    private func nextPiece(of descriptor: CInt, _ isOpen: inout Bool) -> ArraySlice<UInt8> {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        let count = Glibc.read(descriptor, &piece, piece.count)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return [] }
        if count <= 0 { isOpen = false }
        return piece[..<max(0, count)]
    }

    /// The process ended by itself: what is left in its pipe is the end of the list, if its status says so.
    private func end(_ exit: ProgramExit, isClean: Bool) -> Ending {
        // A short one may have ended before its start was noticed.
        if isStarting { readStart() }
        if let startFailure { return .failed(startFault(startFailure)) }
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

    private func startFault(_ failure: ExecFailure) -> String {
        "\(source.program.words[0]) did not start: \(failure); see command in audiences.d/\(audience).yaml"
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
