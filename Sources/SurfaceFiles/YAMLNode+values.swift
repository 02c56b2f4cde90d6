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

    /// The node as a whole number in a range.
    func number(_ allowed: ClosedRange<Int>) throws(YAMLError) -> Int {
        let text = try text()
        guard let number = Int(text), allowed.contains(number) else {
            throw error(
                "\"\(FieldError.shown(text))\" is not a whole number from \(allowed.lowerBound) to "
                    + "\(allowed.upperBound)")
        }
        return number
    }

    /// The node as the path of a file, from `/`.
    func path() throws(YAMLError) -> String {
        let text = try text()
        guard text.hasPrefix("/"), !text.utf8.contains(0) else {
            throw error("\"\(FieldError.shown(text))\" must be a whole path, from /")
        }
        return text
    }
}
