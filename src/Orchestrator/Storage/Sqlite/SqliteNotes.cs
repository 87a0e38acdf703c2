using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Stores what runs say of themselves beside their metrics. Used by the writer, inside a transaction.</summary>
internal sealed class SqliteNotes(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _attribute = new(database, """
        INSERT INTO run_attributes (run, name, position, value)
        VALUES (?1, ?2, (SELECT coalesce(max(position) + 1, 0) FROM run_attributes WHERE run = ?1), ?3)
        ON CONFLICT (run, name) DO UPDATE SET value = excluded.value
        """);

    private readonly SqliteStatement _tag = new(database, """
        INSERT INTO run_tags (run, tag, position) VALUES (?1, ?2, (SELECT coalesce(max(position) + 1, 0) FROM run_tags WHERE run = ?1))
        ON CONFLICT (run, tag) DO NOTHING
        """);

    public void Store(RunKey run, RunNote note)
    {
        switch (note)
        {
            case AttributeNote attribute:
                _attribute.Bind(1, run.Value);
                _attribute.Bind(2, attribute.Name);
                _attribute.Bind(3, ParameterJson.ToJson(attribute.Value));
                _attribute.Run();
                break;

            case TagNote tag:
                _tag.Bind(1, run.Value);
                _tag.Bind(2, tag.Tag);
                _tag.Run();
                break;

            default:
                throw new NotSupportedException($"The store knows no note {note.GetType().Name}.");
        }
    }

    public void Dispose()
    {
        _attribute.Dispose();
        _tag.Dispose();
    }
}
