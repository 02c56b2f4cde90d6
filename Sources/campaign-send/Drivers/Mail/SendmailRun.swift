import CProcess
import CampaignModel
import Glibc
import SendProtocol
import SystemdKit

/// One message's sendmail under way.
///
/// What it leaves running is left alone: some deliver in the background.
final class SendmailRun {
    let id: Int
    private let program: String
    private let process: ChildProgram
    /// Can be read once the process has ended. pidfd_open(2)
    private let end: Descriptor
    private let limit: Duration
    /// Nil once it is killed: then nothing but its end comes.
    private(set) var due: ContinuousClock.Instant?
    private var hasStarted = false
    private var failure: ExecFailure?
    private var errors = OutputLines()
    /// The last line of its standard error: warnings come before what it ends of.
    private var said: String?
    private var open: [CInt]

    private static let pieceBytes = 16 * 1_024
    /// Of what it says; the rest goes nowhere.
    private static let saidBytes = 300
    /// A killed one ends at once unless it has another user's rights.
    private static let patience = Duration.seconds(5)

    init(
        _ id: Int, _ message: consuming MemoryFile, _ words: [String], folder: String, limit: Duration
    ) throws(SystemError) {
        process = try ChildProgram.start(
            words, environment: ProgramEnvironment.inherited(), folder: folder, reading: message.descriptor)
        self.id = id
        program = words[0]
        self.limit = limit
        due = .now + limit
        open = [process.errors.raw, process.output.raw]
        end = Descriptor(cprocess_pidfd_open(process.id))
        guard end.raw >= 0 else {
            let code = errno
            process.signal(SIGKILL)
            _ = process.reap()
            throw SystemError(call: "pidfd_open", object: program, code: code)
        }
    }

    var interests: [(descriptor: CInt, events: Int32)] {
        let isStarting = !hasStarted && failure == nil
        return ([end.raw] + open + (isStarting ? [process.execStatus.raw] : [])).map { ($0, POLLIN) }
    }

    /// Does what can be done without waiting.
    ///
    /// - Returns: what became of the message, once the program has ended.
    func advance() -> MailOutcome? {
        readExecution()
        for descriptor in open { read(descriptor) }
        if let due, due <= .now {
            process.signal(SIGKILL)
            self.due = nil
        }
        guard process.hasEnded else { return nil }
        return outcome(process.reap())
    }

    /// Ends it now.
    func abandon() -> MailOutcome {
        process.signal(SIGKILL)
        _ = Poll.wait([(end.raw, POLLIN)], timeout: Self.patience)
        // One that had ended before tells what became of it.
        if let outcome = advance(), due != nil { return outcome }
        return .unknown("\(program) was stopped")
    }

    private func outcome(_ exit: ProgramExit) -> MailOutcome {
        readExecution()
        for descriptor in open { read(descriptor) }
        if let failure {
            return .notSent(MailFault(reason: "\(program) did not start: \(failure)", isLasting: !failure.mayPass))
        }
        if due == nil { return .unknown("\(program) was ended after \(limit.text)") }
        errors.finish { line, _ in note(line) }
        return exit.mailOutcome(of: program, saying: said)
    }

    private func readExecution() {
        guard !hasStarted, failure == nil else { return }
        switch ExecFailure.read(process.execStatus.raw) {
        case .notYet: break
        case .succeeded: hasStarted = true
        case .failed(let failure): self.failure = failure
        }
    }

    private func read(_ descriptor: CInt) {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        let count = Glibc.read(descriptor, &piece, piece.count)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
        guard count > 0 else { return open.removeAll { $0 == descriptor } }
        if descriptor == process.errors.raw { errors.read(piece[..<count]) { line, _ in note(line) } }
    }

    private func note(_ line: [UInt8]) {
        guard !line.isEmpty else { return }
        let text = String(decoding: line, as: UTF8.self)
        said = text.cutForDisplay(ofBytes: line.count, limit: Self.saidBytes)
    }
}

extension ProgramExit {
    /// What it means for a message that a program of sendmail's kind was given. sysexits(3)
    ///
    /// - Parameter said: the last line that it wrote.
    func mailOutcome(of program: String, saying said: String?) -> MailOutcome {
        let reason = "\(program) \(text)" + (said.map { ": \($0)" } ?? "")
        guard case .status(let code) = self else { return .unknown(reason) }
        switch code {
        case 0: return .accepted("taken by \(program)")
        // EX_DATAERR, EX_NOUSER: the message, the recipient.
        case 65, 67: return .refused(reason)
        // EX_NOHOST, EX_UNAVAILABLE, EX_TEMPFAIL: the first two also where a program's own relay is not to be reached,
        // which is nothing that the recipient is to be lost for.
        case 68, 69, 75: return .temporary(reason)
        // EX_OSERR, EX_IOERR, EX_PROTOCOL: the machine or the network, now.
        case 71, 74, 76: return .notSent(MailFault(reason: reason, isLasting: false))
        // EX_USAGE, EX_NOINPUT, EX_SOFTWARE, EX_OSFILE, EX_CANTCREAT, EX_NOPERM, EX_CONFIG, and what no program of this
        // kind says: each message will end so until somebody mends it.
        default: return .notSent(MailFault(reason: reason, isLasting: true))
        }
    }
}
