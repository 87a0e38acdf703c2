namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 9: what a sweep's paths belong to, so that it goes on after its home moved, and in another current folder.</summary>
internal static class SqliteSchema9
{
    public const string Sql = """
        -- home: where the home was when the sweep was recorded; folder: in which its commands start; file_hash: SHA-256 of the sweep file.
        ALTER TABLE sweeps ADD COLUMN home TEXT;
        ALTER TABLE sweeps ADD COLUMN folder TEXT;
        ALTER TABLE sweeps ADD COLUMN file_hash TEXT;
        """;
}
