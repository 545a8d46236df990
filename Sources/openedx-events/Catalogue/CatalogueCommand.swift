import OpenEdXEvents
import SchemaAuthoring

/// Writes the catalogue as a static site.
struct CatalogueCommand: Command {
    private static let output = Option<String?>.text(
        "output", short: "o", ValueSpec("DIR", .directory), "where the site goes (default: .build/catalogue)")

    static let spec = CommandSpec(
        name: "catalogue",
        summary: "write a site that shows every event to people",
        details: [
            "Each event has a page with its owner, topic, key and fields, samples, code, and what every version changed; "
                + "further pages list events by owner, topic, personal data and exception. The site needs no server and "
                + "loads nothing from elsewhere: open index.html, or copy the directory to any web server.",
            "The same schemas give the same bytes. A later run removes what an earlier one wrote and no schema gives any "
                + "more; a directory that holds other files is refused.",
        ],
        options: [SchemaOptions.directory.spec, output.spec, SchemaOutput.title.spec],
        examples: [
            .init("catalogue", "write the site of the schemas here to .build/catalogue"),
            .init("catalogue --schemas notes/schemas --output public", "write that of others to public"),
        ],
        exits: SchemaOutput.exits)

    private let schemas: String
    private let output: String
    private let title: String

    init(_ arguments: ParsedArguments) {
        schemas = SchemaOptions.directory(arguments)
        output = arguments[Self.output] ?? ".build/catalogue"
        title = SchemaOutput.title(arguments)
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        try SchemaOutput.write(to: output, terminal, from: schemas) { catalogue in
            CatalogueSite(catalogue, title: title).files
        }
    }
}
