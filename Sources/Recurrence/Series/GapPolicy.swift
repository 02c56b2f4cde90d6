/// What becomes of a local time that the zone leaves out when its clocks go forward.
public enum GapPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is read with the offset in force before the gap: 02:30 becomes 03:30.
    case shift
    /// It is left out.
    case skip
}
