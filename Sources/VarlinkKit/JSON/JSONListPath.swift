/// Where in a value a list stands: a member of an object that is a member of the whole.
struct JSONListPath {
    let object: String
    let list: String
}
