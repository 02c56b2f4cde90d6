import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

/// A verb that sends something marked as a test, waits for its end, and says how it was.
protocol TestVerb: AsyncParsableCommand {
    var name: String { get }
    var request: RequestArguments { get }
    var options: VerbOptions { get }
}

extension TestVerb {
    /// Makes the test and prints what became of it.
    ///
    /// - Parameters:
    ///   - what: proof or test.
    ///   - command: the words after `campaignctl` that make this test again, without its address and its id.
    ///   - ask: makes the call.
    /// - Throws: the exit code of a refusal where it has ended and was not sent.
    func test(
        _ what: String, to address: ProofAddress?, command: String, in session: Session,
        _ ask: (ControlClient, RequestID) async throws -> Received<SendTestView>
    ) async throws {
        let id = try request.id()
        let client = try await session.connect()
        let received = try await request.asking(id, for: what, in: session) { try await ask(client, id) }
        let test = received.view
        if session.isJSON {
            var object = received.json
            object["request_id"] = .string(id.text)
            try Output.line(object)
        } else {
            try Output.line("\(name): \(TestWords.sentence(test))")
            if let note = test.progress.note { Output.message("  \(note.escapedForDisplay)") }
            if test.outcome == .running {
                let to = address.map { " --to \($0.text.shellQuoted)" } ?? ""
                Output.message("  Ask again: campaignctl \(command)\(to) --request-id \(id)")
            } else if test.outcome != .sent, request.requestID != nil {
                Output.message("  The same request id answers this again; another try takes a new one.")
            } else {
                request.tell(id, for: what, in: session)
            }
        }
        if test.outcome != .sent, test.outcome != .running { throw ExitStatus.refused.exitCode }
    }
}
