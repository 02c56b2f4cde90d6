extension Figures {
    static let expectedPairs: [String] = []
}
