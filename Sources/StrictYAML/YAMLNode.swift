internal import Spelling

/// A part of a YAML document, with its place. Scalars are texts: each key's reader decides what they mean, so that
/// YAML 1.1's own guesses (`no`, `010`, `1:30`) never arise.
public struct YAMLNode: Sendable {
    public enum Value: Sendable {
        case scalar(String)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    public let file: String
    public let place: YAMLPlace
    /// The keys on the way here, with dots; empty for the document itself.
    public let field: String
    public let value: Value

    /// An error about this node.
    public func error(_ reason: String) -> YAMLError {
        YAMLError(file: file, place: place, field: field.isEmpty ? nil : field, reason: reason)
    }

    /// The node as a text; an empty scalar is an empty text.
    public func text() throws(YAMLError) -> String {
        guard case .scalar(let text) = value else { throw error("is \(kind), and must be a single value") }
        return text
    }

    /// The node as a list of texts; a single text is a list of one.
    public func texts() throws(YAMLError) -> [String] {
        switch value {
        case .scalar(let text): return [text]
        case .sequence(let nodes):
            var texts: [String] = []
            for node in nodes { texts.append(try node.text()) }
            return texts
        case .mapping: throw error("is \(kind), and must be a list")
        }
    }

    /// The node as a mapping that holds no other keys than `keys`.
    public func mapping(allowing keys: [String]) throws(YAMLError) -> YAMLMapping {
        let mapping = try self.mapping()
        for entry in mapping.entries where !keys.contains(entry.key) {
            let hint = NearestWord.of(entry.key, in: keys).map { "did you mean \($0)?" }
                ?? "allowed are \(keys.sorted().joined(separator: ", "))"
            throw YAMLError(file: file, place: entry.place, field: entry.node.field, reason: "unknown key; \(hint)")
        }
        return mapping
    }

    /// The node as a mapping with any keys.
    public func mapping() throws(YAMLError) -> YAMLMapping {
        guard case .mapping(let entries) = value else {
            throw error("is \(kind), and must be a mapping of keys to values")
        }
        return YAMLMapping(node: self, entries: entries)
    }

    private var kind: String {
        switch value {
        case .scalar: "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A key of a mapping, where it stands, and what it holds.
public struct YAMLEntry: Sendable {
    public let key: String
    public let place: YAMLPlace
    public let node: YAMLNode
}

/// A mapping whose keys are known to be different.
public struct YAMLMapping: Sendable {
    public let node: YAMLNode
    public let entries: [YAMLEntry]

    public subscript(key: String) -> YAMLNode? {
        entries.first { $0.key == key }?.node
    }

    /// The text at `key`, nil where the key is absent.
    public func text(_ key: String) throws(YAMLError) -> String? {
        guard let node = self[key] else { return nil }
        return try node.text()
    }

    /// The texts at `key`, nil where the key is absent.
    public func texts(_ key: String) throws(YAMLError) -> [String]? {
        guard let node = self[key] else { return nil }
        return try node.texts()
    }
}
