/// What may stand after the @: a host's name, or an IP address in brackets. RFC 5321, sections 4.1.2 and 4.1.3
enum MailDomain {
    /// RFC 1035, section 2.3.4.
    private static let maximumLabelBytes = 63

    /// The domain in lower case. A name in another script is taken as it is: what it is in ASCII, whoever looks it up
    /// has to know.
    static func checked(_ text: Substring) throws(MailAddress.Fault) -> String {
        guard !text.isEmpty else {
            throw MailAddress.Fault("nothing stands after the @; write name@example.org")
        }
        guard text.utf8.count <= MailAddress.maximumDomainBytes else {
            throw MailAddress.Fault(
                "it has \(text.utf8.count) bytes after the @; \(MailAddress.maximumDomainBytes) at most are allowed")
        }
        if text.utf8.first == UInt8(ascii: "[") { return try literal(text) }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels { try judge(label) }
        guard let last = labels.last, !last.allSatisfy(\.isDigit) else {
            throw MailAddress.Fault(
                "its domain ends with a number; write an IP address in brackets, as [192.0.2.1]")
        }
        return text.lowercased()
    }

    private static func judge(_ label: Substring.UTF8View) throws(MailAddress.Fault) {
        guard !label.isEmpty else {
            throw MailAddress.Fault("in its domain a dot stands at an end or beside another")
        }
        let isSound = label.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 >= 0x80 }
            && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        guard isSound else {
            throw MailAddress.Fault(
                "its domain must be words of letters, digits and - with dots between, as example.org")
        }
        guard label.count <= maximumLabelBytes else {
            throw MailAddress.Fault("a word of its domain has more than \(maximumLabelBytes) bytes")
        }
    }

    private static func literal(_ text: Substring) throws(MailAddress.Fault) -> String {
        guard text.utf8.last == UInt8(ascii: "]"), text.utf8.count > 2 else {
            throw MailAddress.Fault("the bracket after the @ is not closed")
        }
        let inner = text.dropFirst().dropLast().lowercased()
        let isSound =
            if inner.hasPrefix("ipv6:") { isVersion6(inner.dropFirst(5)) } else { isVersion4(inner[...]) }
        guard isSound else {
            throw MailAddress.Fault(
                "in brackets an IP address is allowed, as [192.0.2.1] or [IPv6:2001:db8::1]")
        }
        return inner.hasPrefix("ipv6:") ? "[IPv6:\(inner.dropFirst(5))]" : "[\(inner)]"
    }

    private static func isVersion4(_ text: Substring) -> Bool {
        let numbers = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return numbers.count == 4
            && numbers.allSatisfy { digits in
                guard (1...3).contains(digits.count), digits.allSatisfy(\.isDigit) else { return false }
                let hasSpareZero = digits.count > 1 && digits.first == UInt8(ascii: "0")
                return !hasSpareZero && digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
    }

    /// Eight groups, of which `::` stands for one or more; the last two may be a version 4 address. RFC 4291, 2.2
    private static func isVersion6(_ text: Substring) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        var count = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let groups = half.split(separator: ":", omittingEmptySubsequences: false)
            for (place, group) in groups.enumerated() {
                let isLast = index == halves.count - 1 && place == groups.count - 1
                if isLast, group.contains(".") {
                    guard isVersion4(group) else { return false }
                    count += 2
                } else {
                    guard (1...4).contains(group.utf8.count), group.utf8.allSatisfy(\.isHexDigit) else { return false }
                    count += 1
                }
            }
        }
        return halves.count == 1 ? count == 8 : count <= 7
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    fileprivate var isHexDigit: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}
