import CampaignModel
import StrictYAML

extension YAMLNode {
    /// The node as a span of time such as `30s`.
    func duration(_ allowed: ClosedRange<Duration>) throws(YAMLError) -> Duration {
        let text = try text()
        do throws(FieldError) {
            return try Duration(text: text, field: field, allowed: allowed)
        } catch {
            throw self.error("\"\(FieldError.shown(text))\" \(error.reason)")
        }
    }

    /// The node as `true` or `false`, by the letter.
    func truth() throws(YAMLError) -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        default: throw error("must be true or false")
        }
    }
}
