/// How long a server may take for an answer. RFC 5321, 4.5.3.2
struct SMTPLimits {
    var command = Duration.seconds(300)
    var data = Duration.seconds(120)
    /// For each piece of a message that is written.
    var piece = Duration.seconds(180)
    /// Servers deliver, or write to disk, before they answer.
    var end = Duration.seconds(600)
    /// Nothing depends on the answer to QUIT.
    var quit = Duration.seconds(5)
}
