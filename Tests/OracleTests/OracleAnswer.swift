import ScheduleCases

/// What the oracle says of a case.
struct OracleAnswer: Decodable {
    let `case`: ScheduleCase
    /// The local times that the rule names for the instants of `case.expect`, and whether each lies in a gap.
    let nominal: [String]
    let gaps: [Bool]
    /// The last instant to which the answer is known; nil where nothing follows.
    let known: String?
    /// Whether anything is known to occur, whatever `case.after` says.
    let occurs: Bool
    /// Why the other implementation is not asked about this case; nil where it is.
    let objection: String?
    /// What the other implementation says, where it is not what the plain oracle says.
    let disagreement: String?
}
