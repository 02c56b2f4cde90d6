import CampaignModel
import Glibc
import SystemdKit

/// Mail through a program that takes it as sendmail does: `sendmail -i -f SENDER -- RECIPIENT`, the message on its
/// standard input, its exit status as sysexits(3) says. One at a time.
final class SendmailTransport: MailTransport {
    private let path: String
    private let folder: String
    private let limit: Duration
    private var run: SendmailRun?
    private var results: [MailResult] = []
    private var isStopped = false

    /// A program that hands a message to a queue takes milliseconds; one that talks to a relay itself waits as long as
    /// SMTP may, RFC 5321, 4.5.3.2.
    static let defaultLimit = Duration.seconds(900)

    private static let beyondASCII = "it has an address beyond ASCII, which no program of sendmail's kind says it can "
        + "send; write the domain as xn--, or name a relay in its place"

    /// - Parameters:
    ///   - folder: the program's working directory.
    ///   - limit: how long it may take for a message.
    init(_ path: String, folder: String, limit: Duration = defaultLimit) {
        self.path = path
        self.folder = folder
        self.limit = limit
    }

    /// Why it could not be started; nil where it could.
    static func fault(of path: String) -> MailFault? {
        var status = stat()
        var why: String?
        if stat(path, &status) != 0 || access(path, X_OK) != 0 {
            why = String(cString: strerror(errno))
        } else if status.st_mode & S_IFMT != S_IFREG {
            why = "it is no plain file"
        }
        return why.map { MailFault(reason: "\(path) can't be started: \($0)", isLasting: true) }
    }

    var room: Int { isStopped || run != nil || !results.isEmpty ? 0 : 1 }

    var underWay: Int { (run == nil ? 0 : 1) + results.count }

    func begin(_ mail: OutgoingMail) {
        precondition(room > 0, "there is no room for another message")
        // Some encode it for the servers on the way, some send it as it is to whoever takes it; none can be asked.
        if mail.needsUTF8 {
            results.append(MailResult(id: mail.id, outcome: .refused(Self.beyondASCII)))
            return
        }
        do throws(SystemError) {
            let words = [path, "-i", "-f", mail.sender, "--", mail.recipient]
            run = try SendmailRun(
                mail.id, try MemoryFile(Self.withLineFeeds(mail.bytes)), words, folder: folder, limit: limit)
        } catch {
            // The system is short of something.
            let fault = MailFault(reason: "\(path) did not start: \(error)", isLasting: false)
            results.append(MailResult(id: mail.id, outcome: .notSent(fault)))
        }
    }

    func turn(
        _ interests: [(descriptor: CInt, events: Int32)], until deadline: ContinuousClock.Instant
    ) -> [MailResult] {
        advance()
        if results.isEmpty {
            let due = min(deadline, run?.due ?? deadline)
            _ = Poll.wait(interests + (run?.interests ?? []), timeout: due - .now)
            advance()
        }
        return takeResults()
    }

    /// The program has the whole message from its start.
    func stop() {
        isStopped = true
    }

    func abandon() -> [MailResult] {
        stop()
        if let run { results.append(MailResult(id: run.id, outcome: run.abandon())) }
        run = nil
        return takeResults()
    }

    func finish() {}

    private func advance() {
        guard let run, let outcome = run.advance() else { return }
        results.append(MailResult(id: run.id, outcome: outcome))
        self.run = nil
    }

    private func takeResults() -> [MailResult] {
        defer { results = [] }
        return results
    }

    /// As a program reads a text: lines end with LF.
    private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if !result.isEmpty || line.startIndex > 0 { result.append(UInt8(ascii: "\n")) }
            result += line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        return result
    }
}
