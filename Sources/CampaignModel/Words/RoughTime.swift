/// A time that is only known roughly, as people say it.
public enum RoughTime {
    /// `about 12 min`, in units that promise no more than it can hold.
    public static func words(_ seconds: Double) -> String {
        let (size, name): (Double, String) =
            switch seconds {
            case ..<90: (1, "s")
            case ..<5_400: (60, "min")
            case ..<172_800: (3_600, "h")
            default: (86_400, "days")
            }
        // No campaign lives for so long, and it is a whole number still.
        return "about \(max(1, Int64(min(seconds / size, 1e15).rounded()))) \(name)"
    }
}
