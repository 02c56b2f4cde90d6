import CampaignModel
import ControlAPI

/// Which sends are watched: those of some campaigns, some by their keys, or all. A trigger to come is none of them
/// unless it is named by its key: nothing is being sent for it.
struct WatchScope: Equatable, CustomStringConvertible {
    /// Of these campaigns.
    let names: [String]
    let keys: Set<String>

    /// Whether something is named, so that there is an end.
    var isNamed: Bool { !names.isEmpty || !keys.isEmpty }

    init(names: [String] = [], keys: Set<String> = []) {
        self.names = names
        self.keys = keys
    }

    /// - Parameter words: names of campaigns, and keys, which have a slash.
    /// - Throws: ``FieldError`` for what can't be a key.
    init(_ words: [String]) throws(FieldError) {
        var names: [String] = []
        var keys: Set<String> = []
        for word in words {
            if word.contains("/") {
                keys.insert(try SendKey.read(word).text)
            } else if !names.contains(word) {
                names.append(word)
            }
        }
        self.init(names: names, keys: keys)
    }

    /// What is named.
    var description: String { (names + keys.sorted()).joined(separator: ", ") }

    func includes(_ send: SendView) -> Bool {
        if keys.contains(send.key) { return true }
        return !send.isToCome && (!isNamed || names.contains(send.campaign))
    }
}
