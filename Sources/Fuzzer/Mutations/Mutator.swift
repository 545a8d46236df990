/// Makes inputs from a corpus.
enum Mutator {
    /// One input: a document of the corpus changed as a tree, as bytes, as both, or now and then not at all.
    static func input(from corpus: Corpus, using generator: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8]
        if generator.oneIn(3) || corpus.models.isEmpty {
            bytes = generator.pick(corpus.documents)
        } else {
            var model = generator.pick(corpus.models)
            TreeMutator.mutate(&model, other: generator.pick(corpus.models), using: &generator)
            bytes = ModelWriter.write(model, using: &generator)
            // Half of the trees stay as they are, and valid for the most part.
            if generator.oneIn(2) { return bytes }
        }
        ByteMutator.mutate(&bytes, other: generator.pick(corpus.documents), using: &generator)
        return bytes
    }
}
