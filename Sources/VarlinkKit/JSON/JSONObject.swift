/// The members of a JSON object, kept in the order of their keys: equal objects print equally, and nothing is sorted
/// again where many are printed. Two members never have the same key.
///
/// Reading a member costs a search by halves. Setting a new one moves those after it, so that many members are better
/// given at once.
public struct JSONObject: Sendable {
    public typealias Element = (key: String, value: JSONValue)

    private var members: [(String, JSONValue)]

    /// An object without a member.
    public init() {
        members = []
    }

    /// Of a key that is given twice, the last value counts.
    public init(_ members: some Sequence<Element>) {
        self.init(unordered: members.map { ($0.key, $0.value) })
    }

    init(unordered members: [(String, JSONValue)]) {
        self.members = members
        guard !isInOrder else { return }
        // Stable, so that of equal keys the last one comes last.
        self.members.sort { $0.0 < $1.0 }
        var last = 0
        for index in self.members.indices.dropFirst() {
            if self.members[index].0 != self.members[last].0 { last += 1 }
            self.members[last] = self.members[index]
        }
        self.members.removeSubrange((last + 1)...)
    }

    private var isInOrder: Bool {
        var index = 1
        while index < members.count {
            guard members[index - 1].0 < members[index].0 else { return false }
            index += 1
        }
        return true
    }

    /// The member of that name; nil where there is none. Setting nil removes it.
    public subscript(key: String) -> JSONValue? {
        get {
            let place = place(of: key)
            guard holds(key, at: place) else { return .none }
            return members[place].1
        }
        set {
            let place = place(of: key)
            switch (holds(key, at: place), newValue) {
            case (true, let value?): members[place].1 = value
            case (true, .none): members.remove(at: place)
            case (false, let value?): members.insert((key, value), at: place)
            case (false, .none): break
            }
        }
    }

    /// Takes a member out.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        let place = place(of: key)
        guard holds(key, at: place) else { return .none }
        return members.remove(at: place).1
    }

    /// These members, and the other's that have other keys.
    public func adding(_ other: JSONObject) -> JSONObject {
        JSONObject(unordered: other.members + members)
    }

    public func filter(_ isIncluded: (Element) throws -> Bool) rethrows -> JSONObject {
        var object = JSONObject()
        object.members = try members.filter { try isIncluded($0) }
        return object
    }

    public var keys: [String] { members.map(\.0) }

    public var values: [JSONValue] { members.map(\.1) }

    private func holds(_ key: String, at place: Int) -> Bool {
        place < members.count && members[place].0 == key
    }

    /// Where the member of that name is, or would be.
    private func place(of key: String) -> Int {
        var range = 0..<members.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = members[middle].0 < key ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { members.startIndex }

    public var endIndex: Int { members.endIndex }

    public subscript(position: Int) -> Element { members[position] }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for (key, value) in members {
            hasher.combine(key)
            hasher.combine(value)
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Of a key that is written twice, the last value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(unordered: elements)
    }
}
