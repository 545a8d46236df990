import OpenEdXEvents
import SchemaAuthoring

/// Writes the catalogue as a static site.
struct CatalogueCommand: Command {
    private static let schemas = Option<String?>.text(
        "schemas", ValueSpec("DIR", .directory), "the directory of schemas (default: schemas)")
    private static let output = Option<String?>.text(
        "output", short: "o", ValueSpec("DIR", .directory), "where the site goes (default: .build/catalogue)")
    private static let title = Option<String?>.text(
        "title", ValueSpec("TEXT", .text(suggestions: [])), "what the site is called (default: Event catalogue)")

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
        options: [schemas.spec, output.spec, title.spec],
        examples: [
            .init("catalogue", "write the site of the schemas here to .build/catalogue"),
            .init("catalogue --schemas notes/schemas --output public", "write that of others to public"),
        ],
        exits: [
            .init(.success, "the site is written"),
            .init(.findings, "a schema is wrong, and nothing was written"),
            .init(.unreadable, "a schema cannot be read, and nothing was written"),
            .init(.noInput, "the directory of schemas is not there"),
            .init(.inputOutput, "a file cannot be written"),
        ])

    private let schemas: String
    private let output: String
    private let title: String?

    init(_ arguments: ParsedArguments) {
        schemas = arguments[Self.schemas] ?? "schemas"
        output = arguments[Self.output] ?? ".build/catalogue"
        title = arguments[Self.title]
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        let catalogue: SchemaCatalogue
        do throws(SchemaDirectoryError) {
            catalogue = try SchemaCatalogue(directory: schemas)
        } catch {
            throw CommandFailure(.noInput, "cannot read \(printable(error.description))")
        }
        guard catalogue.isUsable else {
            for finding in catalogue.findings { terminal.printError(printable(finding.description)) }
            terminal.printError("Nothing was written. 'openedx-events lint' tells more.")
            return .findings
        }
        let files = title.map { CatalogueSite(catalogue, title: $0) }?.files ?? CatalogueSite(catalogue).files
        do throws(SchemaDirectoryError) {
            try OutputDirectory(output).write(files)
        } catch {
            throw CommandFailure(.inputOutput, "cannot write \(printable(error.description))")
        }
        terminal.print("\(files.count) files: open \(printable(output))/index.html")
        return .success
    }
}
