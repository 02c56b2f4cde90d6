public import CampaignModel
internal import Glibc
internal import Synchronization

/// A place in the code at which a crash test wants the process to die, as `kill -9` and a power cut would end it.
///
///     CAMPAIGND_FAULT=kill@accepted        the first time that `accepted` is reached
///     CAMPAIGND_FAULT=kill@commit#3        the third time
///
/// Without the variable every call is a comparison with nil. campaign-send's points are `request-read`, `accepted`
/// (the record is made, the answer not yet written), `accepted-told`, `surface-started`, `outcome-written` and
/// `outcome-told`.
public final class FaultPoint: Sendable {
    /// The environment variable; no program passes it on to a surface.
    public static let variable = "CAMPAIGND_FAULT"

    private let name: String
    private let count: Int
    private let reached = Atomic<Int>(0)

    /// - Parameter text: the variable's value: `kill@NAME` or `kill@NAME#COUNT`, COUNT from 1 to 1,000,000.
    /// - Throws: ``FieldError`` for anything else: a test must not pass because its fault was misspelt.
    public init(_ text: String) throws(FieldError) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.first ?? ""
        let number = parts.count == 2 ? Int(parts[1]) : 1
        guard place.hasPrefix("kill@"), let slug = Slug(String(place.dropFirst(5))), let number,
            (1...1_000_000).contains(number)
        else { throw FieldError(Self.variable, text, "is not a fault; write kill@NAME or kill@NAME#COUNT") }
        name = slug.text
        count = number
    }

    /// The fault that the environment asks for; nil where it asks for none.
    public static func fromEnvironment() throws(FieldError) -> FaultPoint? {
        guard let value = getenv(variable) else { return nil }
        return try FaultPoint(String(cString: value))
    }

    /// Ends the process with SIGKILL if this is the place and the time.
    public func reach(_ name: String) {
        guard isDue(name) else { return }
        kill(getpid(), SIGKILL)
        // The signal is delivered before kill(2) returns to a thread that has it unblocked, and SIGKILL always is.
    }

    /// Whether this call is the one to die at; counts it.
    func isDue(_ name: String) -> Bool {
        guard name == self.name else { return false }
        return reached.add(1, ordering: .relaxed).newValue == count
    }
}
