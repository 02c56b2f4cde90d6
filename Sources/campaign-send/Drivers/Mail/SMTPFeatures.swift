/// What a server offers in its answer to EHLO. RFC 5321, 4.1.1.1
struct SMTPFeatures: Hashable {
    /// Commands may be written before their predecessors' replies are read. RFC 2920
    var takesPipelines = false
    /// Addresses and heads may hold more than ASCII. RFC 6531
    var takesUTF8 = false
    /// The most bytes that a message may have; nil where it does not say, 0 where there is no limit. RFC 1870
    var size: Int?

    init() {}

    /// - Parameter hello: the reply to EHLO, or to HELO, which offers nothing.
    init(_ hello: SMTPReply) {
        for line in hello.lines.dropFirst() {
            let words = line.split(separator: " ")
            switch words.first?.uppercased() {
            case "PIPELINING": takesPipelines = true
            case "SMTPUTF8": takesUTF8 = true
            case "SIZE": size = max(0, words.dropFirst().first.flatMap { Int($0) } ?? 0)
            default: break
            }
        }
    }
}
