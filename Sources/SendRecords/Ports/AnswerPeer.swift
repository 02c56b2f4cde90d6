public import SendProtocol

/// Who asked, and gets the answers. A peer that stalls or goes away costs a send nothing.
public protocol AnswerPeer: AnyObject {
    /// Whether it is gone or of no use: it is told nothing any more.
    var isLost: Bool { get }

    /// Tells it, without waiting until it has taken it in.
    func send(_ answer: SenderAnswer)

    /// Waits for a bounded time until it has taken in all that it was told, or is gone.
    func finish()

    /// Tells it nothing any more, also of what waits.
    func lose()
}
