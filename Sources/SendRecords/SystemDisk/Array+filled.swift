extension [UInt8] {
    /// What one read(2), recv(2) or the like gives. Room that it leaves is never touched, so that a short answer costs
    /// no memory, however long the next one may be.
    ///
    /// - Parameter call: gets the room, and answers how many bytes are there, or a negative number and errno.
    /// - Returns: the bytes, none where the number is negative; and the number.
    package static func filled(
        upTo room: Int, by call: (UnsafeMutableRawPointer?, Int) -> Int
    ) -> (bytes: [UInt8], count: Int) {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            result = call(buffer.baseAddress, room)
            count = Swift.max(result, 0)
        }
        return (bytes, result)
    }
}
