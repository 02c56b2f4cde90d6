import CampaignModel

/// What kind of file an attachment is, by the end of its name. https://www.iana.org/assignments/media-types
///
/// The kinds that people attach. The system's own list (/etc/mime.types) is not on every machine, and a message should
/// not depend on where it is sent from.
enum MediaType {
    private static let unknown = "application/octet-stream"

    private static let types = [
        "csv": "text/csv", "htm": "text/html", "html": "text/html", "ics": "text/calendar", "md": "text/markdown",
        "txt": "text/plain", "vcf": "text/vcard",
        "gif": "image/gif", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png", "svg": "image/svg+xml",
        "webp": "image/webp",
        "mp3": "audio/mpeg", "ogg": "audio/ogg", "mp4": "video/mp4", "webm": "video/webm",
        "epub": "application/epub+zip", "gz": "application/gzip", "json": "application/json", "pdf": "application/pdf",
        "rtf": "application/rtf", "xml": "application/xml", "zip": "application/zip",
        "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odp": "application/vnd.oasis.opendocument.presentation",
    ]

    /// With the charset of a text that is UTF-8.
    static func of(_ file: MessageFile) -> String {
        let end = file.name.utf8.lastIndex(of: UInt8(ascii: ".")).map { file.name[$0...].dropFirst().lowercased() }
        let type = end.flatMap { types[$0] } ?? unknown
        guard type.hasPrefix("text/"), String(validating: file.bytes, as: UTF8.self) != nil else { return type }
        return "\(type); charset=utf-8"
    }
}
