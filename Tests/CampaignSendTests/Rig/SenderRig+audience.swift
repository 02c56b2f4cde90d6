import CampaignModel
import Glibc
import SendProtocol
import Testing

extension SenderRig {
    static let subscribers = Slug("subscribers")!

    /// What stands in audiences.d/subscribers.yaml.
    func audienceFile(_ text: String, mode: mode_t = 0o644) {
        write(text, to: "config/audiences.d/subscribers.yaml", mode: mode)
    }

    /// Makes the audience a shell script; `$RIG` in it is the rig's folder.
    func audienceProgram(_ script: String) {
        write("#!/bin/sh\nRIG='\(path)'\n\(script)\n", to: "list.sh", mode: 0o755)
        audienceFile("command: [\(path)/list.sh, first, second]\n")
    }

    /// The answer to `count`, in which RIG stands for the rig's folder. Nothing is kept of it, and nothing logged.
    func count(options: [String] = [], log: [String] = []) throws -> AudienceCount {
        guard case .count(let count)? = try look(.count(Self.subscribers), options, log) else {
            Issue.record("no answer to count")
            return .counted(-1)
        }
        if case .failed(let reason) = count { return .failed(reason.replacing(path, with: "RIG")) }
        return count
    }

    /// The answer to `sample`, likewise.
    func sample(_ limit: Int = 5, options: [String] = [], log: [String] = []) throws -> AudienceSample {
        guard case .sample(let sample)? = try look(.sample(Self.subscribers, limit: limit), options, log) else {
            Issue.record("no answer to sample")
            return .recipients([])
        }
        if case .failed(let reason) = sample { return .failed(reason.replacing(path, with: "RIG")) }
        return sample
    }

    /// The recipients of a sample as text: `email=ann@example.org name=Ann`, one each.
    func lines(_ limit: Int = 5, options: [String] = [], log: [String] = []) throws -> [String] {
        guard case .recipients(let list) = try sample(limit, options: options, log: log) else {
            Issue.record("no recipients")
            return []
        }
        return list.map { $0.columns.map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
    }

    private func look(_ request: SenderRequest, _ options: [String], _ log: [String]) throws -> SenderAnswer? {
        let peer = try start(request, options: options)
        let answers = try peer.answersToEnd()
        #expect(answers.count == 1)
        #expect(wait(for: peer) == 0)
        #expect(names("state").isEmpty)
        // In the log a line's fields follow two spaces.
        let lines = (text("stderr") ?? "").split(separator: "\n")
        #expect(lines.map { String($0.split(separator: "  ", maxSplits: 1)[0]) } == log)
        unlink(path + "/stderr")
        return answers.first
    }
}
