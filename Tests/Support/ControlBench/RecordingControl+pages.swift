import ControlAPI

extension RecordingControl {
    /// A cursor is the index of the page's first element.
    static func page<Element>(_ all: [Element], _ request: PageRequest) -> Page<Element> {
        let start = request.cursor.flatMap { Int($0) } ?? 0
        let end = min(start + request.limit, all.count)
        return Page(Array(all[min(start, end)..<end]), nextCursor: end < all.count ? "\(end)" : nil)
    }
}
