/// The parts of the code that take foreign bytes, each with the checks that hold whatever the bytes are.
///
/// The same checks run in the search (`Fuzz/run`) and, over the kept inputs in `Fuzz/Corpus`, in the tests.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// Text to a recurrence rule, and the series that it makes.
    case rule
    /// The bytes of a TZif file to a zone, and what it answers.
    case zone
    /// Text to dates, times and instants.
    case text
    /// What a client writes to the control socket: frames, JSON, calls.
    case varlink
    /// The parameters of each method of the control interface.
    case call
    /// The description of a Varlink interface.
    case interface
    /// Any YAML file of ours.
    case yaml
    /// A campaign file, up to the rule of its schedule and back to text.
    case campaign
    /// campaignd.yaml, and files of surfaces.d and audiences.d.
    case configuration
    /// What the daemon writes to the sender.
    case request
    /// What the sender answers.
    case answer
    /// The sender's file of an outcome, and a surface's lines of progress.
    case outcome
    /// A list of recipients.
    case recipients
    /// An address, and a message with its columns.
    case mail
    /// What a mail server answers.
    case relay
    /// The ledger's file, and a daemon that works on it.
    case ledger

    /// Runs the target over one input. Throws a `Finding` where a check does not hold; an input that is
    /// refused with an error of its own is fine.
    func run(_ bytes: [UInt8]) async throws {
        switch self {
        case .rule: try RuleFuzz.run(bytes)
        case .zone: try ZoneFuzz.run(bytes)
        case .text: try TextFuzz.run(bytes)
        case .varlink: try VarlinkFuzz.run(bytes)
        case .call: try await CallFuzz.run(bytes)
        case .interface: try InterfaceFuzz.run(bytes)
        case .yaml: try YAMLFuzz.run(bytes)
        case .campaign: try CampaignFuzz.run(bytes)
        case .configuration: try ConfigurationFuzz.run(bytes)
        case .request: try SenderRequestFuzz.run(bytes)
        case .answer: try SenderAnswerFuzz.run(bytes)
        case .outcome: try OutcomeFuzz.run(bytes)
        case .recipients: try RecipientsFuzz.run(bytes)
        case .mail: try MailFuzz.run(bytes)
        case .relay: try RelayFuzz.run(bytes)
        case .ledger: try await LedgerFuzz.run(bytes)
        }
    }
}

/// A check that does not hold, in a sentence with the values that break it.
struct Finding: Error, CustomStringConvertible {
    /// What should hold, and what was seen.
    let description: String
}

func check(_ holds: Bool, _ description: @autoclosure () -> String) throws(Finding) {
    guard holds else { throw Finding(description: description()) }
}

/// Errors are read by people and kept in logs: they are short, whatever was refused. Two pieces of it are shown,
/// 40 characters each, and one that is escaped takes ten.
func checkRefusal(_ error: some Error) throws(Finding) {
    let text = "\(error)"
    let lengthLimitBytes = 1_000
    try check(text.utf8.count <= lengthLimitBytes, "a refusal has \(text.utf8.count) bytes: \(text.prefix(200))")
    try check(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
              "a refusal holds a control character: \(text.debugDescription)")
}

/// The bytes cut into pieces whose lengths, from 1 byte on, follow from the bytes themselves: what is read piece by
/// piece is the same as what is read as a whole.
func pieces(of bytes: [UInt8], longest: Int = 16) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
        let end = min(start + 1 + Int(bytes[start]) % longest, bytes.count)
        pieces.append(bytes[start..<end])
        start = end
    }
    return pieces
}
