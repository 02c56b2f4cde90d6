/// One life of the daemon. When it is over nothing that its engine still does reaches anything.
///
/// `@unchecked Sendable`: all of a story happens on one thread at a time.
final class Life: @unchecked Sendable {
    let number: Int
    private(set) var isOver = false

    init(number: Int) {
        self.number = number
    }

    func end() { isOver = true }
}
